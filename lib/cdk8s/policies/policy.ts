import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { fill } from '../../manifests/fill';
import { policyTemplates } from '../../manifests/policies/policy';
import type { ClusterReference, PolicyDeclarations, PolicyOption } from '../../spec';
import { kubeconfigServer } from '../../spec/endpoint';
import { resolvePolicyInput } from '../../spec/policies/policy';
import { checkRequires } from '../../spec/policies/requires';
import { addObjects } from '../add-objects';
import { lazyFiller, lazyTable, type Text } from '../lazy-values';
import { VirtualCluster } from '../virtual-cluster';

/** What every policy says. */
export interface PolicyProps {
  /** The virtual cluster: the construct, or what another app or repository must know of it. */
  readonly cluster: VirtualCluster | ClusterReference<Text>;
}

/**
 * One section of a virtual cluster's configuration, with the rights that it takes. It may live in another chart, app or
 * repository than the virtual cluster, which names what it `requires` and waits for it. Its objects are children named
 * after their part in it; `ApiObject.of(policy)` is the section's ConfigMap.
 */
export abstract class Policy extends Construct {
  /** The section's ConfigMap. */
  readonly configMap: ApiObject;
  /** Address of the API server in the kubeconfig, with what the policy says about it. */
  protected readonly server: string;

  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the declaration */
  protected constructor(
    scope: Construct,
    id: string,
    option: PolicyOption,
    props: PolicyProps & PolicyDeclarations<Text>[PolicyOption],
  ) {
    super(scope, id);
    const { cluster } = props;
    const isConstruct = VirtualCluster.isVirtualCluster(cluster);
    if (isConstruct) checkRequires(cluster.name, cluster.requires, option);
    const table = lazyTable(`${option} policy ${JSON.stringify(id)}`);
    const { namespace } = Chart.of(this);
    const reference = isConstruct ? cluster.reference : { ...(namespace && { namespace }), ...cluster };
    const input = table.capture({ ...props, cluster: reference });
    const policy = resolvePolicyInput(option, input);
    const filler = lazyFiller(table, () => this.configMap);
    addObjects(this, policyTemplates(policy), filler);
    this.server = fill(kubeconfigServer(policy.cluster), filler) as string;
    this.configMap = ApiObject.of(this.node.findChild(`config-${policy.section}`));
    this.node.defaultChild = this.configMap;
  }
}
