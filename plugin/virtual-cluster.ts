import * as pulumi from '@pulumi/pulumi';
import * as sublet from 'sublet/pulumi';
import { withOptions } from './options';

/** Arguments of a VirtualCluster. */
export interface VirtualClusterArgs {
  /** Name of the virtual cluster, from which the names of all its objects on the host are made. By default the resource's name. */
  clusterName?: string;
  /** Host namespace in which the virtual cluster and its workloads live. By default `vcluster-<name>`. */
  namespace?: pulumi.Input<string>;
  /** Whether the namespace is created. By default true. */
  createNamespace?: boolean;
  /** Kubernetes version of the virtual control plane, such as `1.37`. By default the newest that this package knows. */
  kubernetesVersion?: string;
  /** Options that policies declare in place of this component: `sync`, `nodes`, `endpoint` and so on. By default none. */
  requires?: string[];
  /**
   * Everything else that can be declared, as in TypeScript: `store`, `controlPlane`, `sync`, `nodes`, `endpoint` and so
   * on. It is checked as in TypeScript, with the path of each wrong field.
   */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}

/** A Kubernetes cluster of its own, inside one namespace of the host cluster. */
export class VirtualCluster extends pulumi.ComponentResource {
  /** Name of the virtual cluster. */
  readonly clusterName: pulumi.Output<string>;
  /** Host namespace that it lives in. */
  readonly namespace: pulumi.Output<string>;
  /** Address of the API server in the kubeconfig. */
  readonly endpoint: pulumi.Output<string>;
  /** The admin kubeconfig, secret, known once the virtual cluster is ready. */
  readonly kubeconfig: pulumi.Output<string>;
  /** True once the virtual cluster is ready. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: VirtualClusterArgs, options: pulumi.ComponentResourceOptions = {}) {
    super('sublet:index:VirtualCluster', name, args, options);
    const { clusterName, namespace, createNamespace, kubernetesVersion, requires, options: others } = args;
    const cluster = new sublet.VirtualCluster(
      name,
      withOptions(others, {
        name: clusterName,
        namespace,
        createNamespace,
        kubernetes: kubernetesVersion === undefined ? undefined : { version: kubernetesVersion },
        requires,
      }),
      { parent: this },
    );
    this.clusterName = pulumi.output(cluster.name);
    this.namespace = cluster.namespace;
    this.endpoint = cluster.endpoint;
    this.kubeconfig = cluster.kubeconfig;
    this.ready = cluster.ready;
    this.registerOutputs({
      clusterName: this.clusterName,
      namespace: this.namespace,
      endpoint: this.endpoint,
      kubeconfig: this.kubeconfig,
      ready: this.ready,
    });
  }
}
