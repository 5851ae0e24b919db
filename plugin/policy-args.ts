import type { ClusterArgs } from './cluster-args';

/** Arguments of a policy. */
export interface PolicyArgs {
  /** The virtual cluster, which must `require` this policy. */
  cluster: ClusterArgs;
  /** What is declared, spelled and checked as in TypeScript. */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  options?: any;
}
