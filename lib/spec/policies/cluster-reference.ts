import type { GeneralOptions, SharedStore, SingleReplica } from '../virtual-cluster';
import { POLICY_OPTIONS, type PolicyOption } from './options';

/** Which virtual cluster a policy is for, when that is declared in another stack or repository. */
export interface ClusterReference<Text = string, Count = number, Switch = boolean> {
  /** Name of the virtual cluster. */
  readonly name: string;
  /**
   * Host namespace that it lives in.
   * @default 'vcluster-<name>'
   */
  readonly namespace?: Text;
  /**
   * What is declared of the virtual cluster besides, as far as the policy's objects depend on it: with host namespaces of
   * its own the syncer must be allowed in all of them what a policy switches on, with its own scheduler it must see what
   * that decides by, a quota needs room for the control plane, and pods that are kept in must still reach whoever answers
   * `dns`; an endpoint leads to those of several pods only that are ready, as its store allows.
   * @default - the defaults
   */
  readonly declares?: DeclaredOptions<Text, Count, Switch>;
}

/** Options that only the virtual cluster itself declares: a quota depends on its control plane, the network on its DNS. */
const OWN_OPTIONS = ['createNamespace', 'controlPlane', 'store', 'dns'] as const;

/** Options of a virtual cluster on which the objects of policies depend. */
export type DeclaredOptions<Text = string, Count = number, Switch = boolean> = Pick<
  GeneralOptions<Text, Count, Switch>,
  PolicyOption | 'createNamespace' | 'dns'
> &
  (SingleReplica<Text, Count> | SharedStore<Text, Count>);

/** The part of a declaration that policies must know. */
export function declaredOptions<Text, Count, Switch>(
  options: DeclaredOptions<Text, Count, Switch>,
): DeclaredOptions<Text, Count, Switch> {
  return Object.fromEntries(
    [...Object.keys(POLICY_OPTIONS), ...OWN_OPTIONS].flatMap((option) =>
      Object.entries(options).filter(([name, value]) => name === option && value !== undefined),
    ),
  );
}
