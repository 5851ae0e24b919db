import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { clusterNames, KUBECONFIG_KEYS } from '../contract';
import { fill } from '../manifests/fill';
import { templates } from '../manifests/generate';
import type { ClusterReference, PolicyOption, VirtualClusterOptions } from '../spec';
import { kubeconfigServer } from '../spec/endpoint';
import { declaredOptions } from '../spec/policies/cluster-reference';
import { resolveInput } from '../spec/resolve';
import { checked } from './checked';
import { childOf, registerChildren } from './children';
import { kubeconfigIn, kubeconfigSecret } from './kubeconfig';
import { outputFiller, outputTable } from './outputs';

/** What a {@link VirtualCluster} is called. */
export interface ClusterName {
  /**
   * Name of the virtual cluster, from which the names of all its objects on the host are made.
   * @default - the resource's name
   */
  readonly name?: string;
}

/**
 * What can be said about a {@link VirtualCluster}: {@link VirtualClusterOptions} and its name. Texts,
 * numbers and what is true or false may be outputs of other resources.
 */
export type VirtualClusterArgs = ClusterName &
  VirtualClusterOptions<pulumi.Input<string>, pulumi.Input<number>, pulumi.Input<boolean>>;

/** A key of a Secret in the virtual cluster's host namespace. */
export interface SecretKey {
  /** Name of the Secret. */
  readonly name: string;
  /** Key in its data. */
  readonly key: string;
}

const TYPE = 'sublet:index:VirtualCluster';

/**
 * A Kubernetes cluster of its own, inside one namespace of the host cluster. Its objects are children called
 * `<name>-<part>` (`team-a-control-plane-statefulset`); reach them by `transforms` in the options.
 */
export class VirtualCluster extends pulumi.ComponentResource {
  /** Whether a value is a virtual cluster, whichever copy of this package made it. */
  static override isInstance(value: unknown): value is VirtualCluster {
    return pulumi.ComponentResource.isInstance(value) && '__pulumiType' in value && value.__pulumiType === TYPE;
  }

  /** Name of the virtual cluster. */
  readonly name: string;
  /** What a policy of the same program must know of it. */
  readonly reference: ClusterReference<pulumi.Input<string>, pulumi.Input<number>, pulumi.Input<boolean>>;
  /** Options that policies declare. */
  readonly requires: readonly PolicyOption[];
  /** The host namespace, where it is one of the children. */
  readonly namespaceResource: k8s.core.v1.Namespace | undefined;
  /** Host namespace that it lives in. */
  readonly namespace: pulumi.Output<string>;
  /** Address of the API server in the kubeconfig. */
  readonly endpoint: pulumi.Output<string>;
  /** The admin kubeconfig, secret, known once the virtual cluster is ready. */
  readonly kubeconfig: pulumi.Output<string>;
  /** True once the virtual cluster is ready, for `dependsOn` and `apply`. */
  readonly ready: pulumi.Output<boolean>;
  /** Where the admin kubeconfig is found on the host. */
  readonly kubeconfigSecret: SecretKey;
  /** The Service under which the API server is reached. */
  readonly service: k8s.core.v1.Service;
  /** The control plane. */
  readonly statefulSet: k8s.apps.v1.StatefulSet;
  readonly #resourceName: string;
  #provider: k8s.Provider | undefined;

  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the arguments */
  constructor(name: string, args: VirtualClusterArgs = {}, options: pulumi.ComponentResourceOptions = {}) {
    // Before anything is registered, so that nothing is of a declaration that is wrong.
    const table = outputTable();
    const spec = checked(() => resolveInput(table.capture({ ...args, name: args.name ?? name })));
    super(TYPE, name, args, options);
    const filler = outputFiller(table);
    const outputOf = (text: string): pulumi.Output<string> => pulumi.output(fill(text, filler) as pulumi.Input<string>);

    const children = registerChildren(name, templates(spec), filler, this);
    this.#resourceName = name;
    this.name = spec.name;
    const { namespace, requires = [] } = args;
    this.reference = { name: spec.name, ...(namespace && { namespace }), declares: declaredOptions(args) };
    this.requires = [...requires];
    this.namespaceResource = children.has('namespace')
      ? childOf(children, 'namespace', k8s.core.v1.Namespace)
      : undefined;
    this.namespace = outputOf(spec.namespace);
    this.endpoint = outputOf(kubeconfigServer(spec));
    this.service = childOf(children, 'control-plane/service', k8s.core.v1.Service);
    this.statefulSet = childOf(children, 'control-plane/statefulset', k8s.apps.v1.StatefulSet);
    this.kubeconfigSecret = { name: clusterNames(spec.name).kubeconfigSecret, key: KUBECONFIG_KEYS.config };
    const source = {
      cluster: spec.name,
      namespace: this.namespace,
      statefulSet: this.statefulSet,
      parts: [...children.values()],
    };
    this.kubeconfig = kubeconfigIn(kubeconfigSecret(`${name}-kubeconfig`, source, { parent: this }));
    this.ready = pulumi.unsecret(this.kubeconfig.apply(() => true));
    this.registerOutputs({
      name: this.name,
      namespace: this.namespace,
      endpoint: this.endpoint,
      kubeconfig: this.kubeconfig,
      ready: this.ready,
    });
  }

  /**
   * A provider that deploys into the virtual cluster, in the same `pulumi up` if wanted. Made when first asked for. Its
   * resources are kept when certificates are renewed: what counts is which cluster it is, not its kubeconfig.
   */
  get provider(): k8s.Provider {
    this.#provider ??= new k8s.Provider(
      `${this.#resourceName}-provider`,
      { kubeconfig: this.kubeconfig, clusterIdentifier: pulumi.interpolate`sublet/${this.namespace}/${this.name}` },
      { parent: this },
    );
    return this.#provider;
  }
}
