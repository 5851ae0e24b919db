import { parse } from 'yaml';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';

/** Name of the kubeconfig extension by which `sublet` knows its own contexts again. */
export const EXTENSION_NAME = 'sublet.dev';

/** What `sublet` remembers in a context that it wrote. */
export interface ContextMemory {
  /** The host context that the virtual cluster was reached through. */
  readonly hostContext: string;
  readonly cluster: string;
  /** The host namespace. */
  readonly namespace: string;
}

/** A context with the cluster and user of the same name. */
export interface KubeconfigEntry {
  readonly name: string;
  readonly cluster: { readonly [key: string]: unknown };
  readonly user: { readonly [key: string]: unknown };
  /** Set where it leads into a virtual cluster. */
  readonly memory?: ContextMemory;
}

const secretSchema = z.object({
  clusters: z.array(z.object({ cluster: z.looseObject({ server: z.string() }) })).min(1),
  users: z.array(z.object({ user: z.looseObject({}) })).min(1),
});

/**
 * The entry for a virtual cluster, from the kubeconfig in its Secret `vc-<cluster>`: same certificates, another address.
 * @param server where the API server is to be reached, `https://…`
 * @throws SubletError `NOT_READY` when the Secret holds no usable kubeconfig
 */
export function entryFromSecret(
  name: string,
  kubeconfig: string,
  server: string,
  memory: ContextMemory,
): KubeconfigEntry {
  const parsed = secretSchema.safeParse(parseYaml(kubeconfig));
  const cluster = parsed.data?.clusters[0]?.cluster;
  const user = parsed.data?.users[0]?.user;
  if (cluster === undefined || user === undefined) {
    throw new SubletError('NOT_READY', `the kubeconfig of virtual cluster ${memory.cluster} is not complete yet`, {
      hint: `see what it waits for: sublet status ${memory.cluster} -n ${memory.namespace}`,
    });
  }
  return { name, cluster: { ...cluster, server }, user, memory };
}

/** The context of an entry as kubeconfig files hold it. */
export function contextOf(entry: KubeconfigEntry): { readonly [key: string]: unknown } {
  const memory = entry.memory && {
    namespace: 'default',
    extensions: [{ name: EXTENSION_NAME, extension: entry.memory }],
  };
  return { cluster: entry.name, user: entry.name, ...memory };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
