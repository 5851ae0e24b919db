import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { fill } from '../../manifests/fill';
import { policyTemplates } from '../../manifests/policies/policy';
import type { ClusterReference, PolicyDeclarations, PolicyOption } from '../../spec';
import { kubeconfigServer } from '../../spec/endpoint';
import { resolvePolicyInput } from '../../spec/policies/policy';
import { checkRequires } from '../../spec/policies/requires';
import { checked } from '../checked';
import { childOf, registerChildren } from '../children';
import { outputFiller, outputTable } from '../outputs';
import { VirtualCluster } from '../virtual-cluster';

/** What every policy says. */
export interface PolicyArgs {
  /** The virtual cluster: the component, or what another stack must know of it. */
  readonly cluster:
    | VirtualCluster
    | ClusterReference<pulumi.Input<string>, pulumi.Input<number>, pulumi.Input<boolean>>;
}

/**
 * One section of a virtual cluster's configuration, with the rights that it takes. It may live in another stack than the
 * virtual cluster, which names what it `requires` and becomes ready only once it is there: a policy of the same program
 * must not depend on the virtual cluster as a whole. Its objects are children called `<name>-<part>`.
 */
export abstract class Policy extends pulumi.ComponentResource {
  /** The section's ConfigMap. */
  readonly configMap: k8s.core.v1.ConfigMap;
  /** Address of the API server in the kubeconfig, with what the policy says about it. */
  protected readonly server: pulumi.Output<string>;

  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the declaration */
  protected constructor(
    kind: string,
    name: string,
    option: PolicyOption,
    args: PolicyArgs &
      PolicyDeclarations<pulumi.Input<string>, pulumi.Input<number>, pulumi.Input<boolean>>[PolicyOption],
    options: pulumi.ComponentResourceOptions,
  ) {
    const { cluster } = args;
    const isComponent = VirtualCluster.isInstance(cluster);
    const inputs = { ...args, cluster: isComponent ? cluster.reference : cluster };
    const table = outputTable();
    const policy = checked(() => {
      if (isComponent) checkRequires(cluster.name, cluster.requires, option);
      return resolvePolicyInput(option, table.capture(inputs));
    });
    super(`sublet:index:${kind}`, name, inputs, options);
    const before = isComponent && cluster.namespaceResource !== undefined ? [cluster.namespaceResource] : [];
    const filler = outputFiller(table);
    const children = registerChildren(name, policyTemplates(policy), filler, this, before);
    this.server = pulumi.output(fill(kubeconfigServer(policy.cluster), filler) as pulumi.Input<string>);
    this.configMap = childOf(children, `config/${policy.section}`, k8s.core.v1.ConfigMap);
    this.registerOutputs({ configMap: this.configMap.metadata.name });
  }
}
