import type { KubeObject } from '../kube/types';

/** An object of a custom kind. Which fields it has its CustomResourceDefinition says. */
export interface CustomResource extends KubeObject {
  readonly [field: string]: unknown;
}

/** One version of a custom kind. */
export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly subresources?: { readonly status?: object; readonly scale?: object };
  readonly [field: string]: unknown;
}

/** A CustomResourceDefinition, as far as it is looked into. */
export interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly plural: string; readonly kind: string; readonly [field: string]: unknown };
    readonly versions: readonly DefinitionVersion[];
    readonly conversion?: { readonly strategy?: string };
  };
  readonly status?: {
    readonly storedVersions?: readonly string[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
