import { type Api, createApi } from '../../../../cli/kube/api';
import { createResourceFinder, type ResourceFinder } from '../../../../cli/kube/discovery';
import { kubeconfigPaths } from '../../../../cli/kubeconfig/paths';
import { parseKubeconfig, readKubeconfig, selectContext } from '../../../../cli/kubeconfig/read';
import { SubletError } from '../../../../lib/contract';
import { type Properties, textAt } from './properties';

/** The cluster that a provider of resources applies to. */
export interface Cluster {
  readonly api: Api;
  readonly findResource: ResourceFinder;
  /** For objects that name none. */
  readonly namespace: string;
}

/** Connects to the cluster of a provider's configuration: `kubeconfig` (a file's name or its text), `context`, `namespace`. */
export function connect(configuration: Properties): Cluster {
  const selected = selectContext(kubeconfigOf(configuration), textAt(configuration, 'context'));
  const api = createApi(selected);
  const namespace = textAt(configuration, 'namespace') ?? selected.context.namespace ?? 'default';
  return { api, findResource: createResourceFinder(api), namespace };
}

/**
 * Which cluster a configuration leads to, so far as that can be told: the name that the program gave it, else the
 * settings of the kubeconfig's cluster. Resources must move when it changes, and only then.
 */
export function identityOf(configuration: Properties): string {
  const named = textAt(configuration, 'clusterIdentifier');
  if (named !== undefined) return named;
  try {
    const { cluster } = selectContext(kubeconfigOf(configuration), textAt(configuration, 'context'));
    return JSON.stringify(cluster);
  } catch (error) {
    if (error instanceof SubletError) return 'unreachable';
    throw error;
  }
}

function kubeconfigOf(configuration: Properties) {
  const given = textAt(configuration, 'kubeconfig');
  if (given?.includes('\n')) return parseKubeconfig(given);
  return readKubeconfig(given === undefined ? kubeconfigPaths(undefined, process.env).files : [given]);
}
