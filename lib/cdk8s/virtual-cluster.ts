import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { clusterNames, controlPlaneLabels, KUBECONFIG_KEYS } from '../contract';
import { fill } from '../manifests/fill';
import { templates } from '../manifests/generate';
import type { ClusterReference, PolicyOption, VirtualClusterOptions } from '../spec';
import { kubeconfigServer } from '../spec/endpoint';
import { declaredOptions } from '../spec/policies/cluster-reference';
import { resolveInput } from '../spec/resolve';
import { addObjects } from './add-objects';
import { lazyFiller, lazyTable, type Text } from './lazy-values';

/** What a {@link VirtualCluster} is called, and where it lives. */
export interface ClusterPlace {
  /**
   * Name of the virtual cluster, from which the names of all its objects on the host are made.
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * Host namespace in which the virtual cluster and its workloads live.
   * @default - the chart's namespace; without one, 'vcluster-<name>'
   */
  readonly namespace?: Text;
}

/**
 * What can be said about a {@link VirtualCluster}: {@link VirtualClusterOptions} and its name. Texts, numbers and
 * switches may be `Lazy`; where a text names an object, the construct that makes it can stand instead.
 */
export type VirtualClusterProps = ClusterPlace & VirtualClusterOptions<Text>;

/** A key of a Secret in the virtual cluster's host namespace. */
export interface SecretKey {
  /** Name of the Secret. */
  readonly name: string;
  /** Key in its data. */
  readonly key: string;
}

const BRAND = Symbol.for('sublet.cdk8s.VirtualCluster');

/**
 * A Kubernetes cluster of its own, inside one namespace of the host cluster.
 *
 * Its objects are children named after their part in it (`control-plane-statefulset`), under fixed names that no naming
 * scheme of cdk8s changes. `ApiObject.of(cluster)` is the StatefulSet.
 */
export class VirtualCluster extends Construct {
  /** Whether a value is a virtual cluster, whichever copy of this package made it. */
  static isVirtualCluster(value: unknown): value is VirtualCluster {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** Name of the virtual cluster. */
  readonly name: string;
  /** Host namespace that it lives in. */
  readonly namespace: string;
  /** What a policy must know of it. */
  readonly reference: ClusterReference<Text>;
  /** Options that policies declare. */
  readonly requires: readonly PolicyOption[];
  /** Address of the API server in the kubeconfig. */
  readonly endpoint: string;
  /** Labels of the control plane's pods. */
  readonly labels: { readonly [key: string]: string };
  /** Where the admin kubeconfig is found once the virtual cluster is ready. */
  readonly kubeconfigSecret: SecretKey;
  /** The Service under which the API server is reached. */
  readonly service: ApiObject;
  /** The control plane. */
  readonly statefulSet: ApiObject;

  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: VirtualClusterProps = {}) {
    super(scope, id);
    Object.defineProperty(this, BRAND, { value: true });
    const chart = Chart.of(this);
    const name = props.name ?? id;
    const namespace = props.namespace ?? chart.namespace;
    const table = lazyTable(`virtual cluster ${JSON.stringify(name)}`);
    const declaration = table.capture({ ...props, name, ...(namespace === undefined ? {} : { namespace }) });
    const spec = resolveInput(declaration);

    const filler = lazyFiller(table, () => this.statefulSet);
    addObjects(this, templates(spec), filler);

    this.name = name;
    this.reference = { name, ...(namespace === undefined ? {} : { namespace }), declares: declaredOptions(props) };
    this.requires = [...(props.requires ?? [])];
    this.namespace = fill(spec.namespace, filler) as string;
    this.endpoint = fill(kubeconfigServer(spec), filler) as string;
    this.labels = controlPlaneLabels(name);
    this.kubeconfigSecret = { name: clusterNames(name).kubeconfigSecret, key: KUBECONFIG_KEYS.config };
    this.service = ApiObject.of(this.node.findChild('control-plane-service'));
    this.statefulSet = ApiObject.of(this.node.findChild('control-plane-statefulset'));
    this.node.defaultChild = this.statefulSet;
  }
}
