import type * as pulumi from '@pulumi/pulumi';

/** Which virtual cluster a policy is for. */
export interface ClusterArgs {
  /** Name of the virtual cluster. */
  name: string;
  /** Host namespace that it lives in. By default `vcluster-<name>`. */
  namespace?: pulumi.Input<string>;
  /**
   * What is declared of the virtual cluster besides, as far as the policy's rights depend on it: `namespaces`, `nodes`,
   * `sync` and so on, as in TypeScript.
   */
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's schema knows free form as `any` only
  declares?: any;
}
