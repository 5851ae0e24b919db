import type { NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import type { ClusterNames, Configuration, CoreSection } from '../../lib/contract';
import type { KubeObject, PatchType, Resource } from '../kube/types';
import type { ObjectPatches } from './patching';

/** Which virtual cluster this syncer serves, and what never changes while it runs. */
export interface ClusterContext {
  /** The virtual cluster's name. */
  readonly cluster: string;
  /** The host namespace that holds it. */
  readonly hostNamespace: string;
  readonly names: ClusterNames;
  /** UID of the host Service `<cluster>`, owner of all synced objects. */
  readonly ownerUid: string;
  readonly config: CoreSection;
  /** The other sections of the configuration. */
  readonly sections: Omit<Configuration, 'core'>;
  /**
   * Whether a host namespace of its own is there and is ours to use for the virtual one of this name: made by this
   * syncer for that one, or, where the declaration names it in full (`named`), found there. @default none is
   */
  readonly isUsable?: (hostNamespace: string, named: boolean, virtual: string) => boolean;
  /** The Kubernetes version of the host's API server, `1.37.2`, as it was at the start. @default not known */
  readonly hostVersion?: string;
  /** Whether several pods can serve the virtual cluster. @default false */
  readonly replicated?: boolean;
  /** The labels of a virtual namespace as they are now. @default none are known */
  readonly labelsOfNamespace?: (namespace: string) => { readonly [key: string]: string };
  /** The tenant's network policies in a virtual namespace, where they decide about pods on the host. @default none */
  readonly policiesOf?: (namespace: string) => readonly (KubeObject & { readonly spec?: NetworkPolicySpec })[];
  /** The platform team's changes to objects on their way. @default none */
  readonly patches?: ObjectPatches;
}

/** The result of translating a virtual object for the host. */
export type Translation<H extends KubeObject> =
  /** This is what the host must hold. */
  | {
      readonly kind: 'object';
      readonly object: H;
      /** What of the virtual object stays behind or counts for less. The tenant sees each as an event. @default none */
      readonly warnings?: readonly Warning[];
    }
  /** Nothing of it belongs on the host. What is there from before is removed. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** It can't be translated before something else exists; it is tried again when that changes. */
  | { readonly kind: 'wait'; readonly reason: string }
  /** It holds something that may not reach the host. The tenant sees `message` as an event that names the field. */
  | { readonly kind: 'refused'; readonly reason: string; readonly field: string; readonly message: string };

/** Something that a tenant is told about an object of theirs. */
export interface Warning {
  /** In CamelCase, as events have it. */
  readonly reason: string;
  /** Names the field, and no name of the host. */
  readonly message: string;
}

/** One write that brings an existing object to what it should be. */
export type Change =
  | { readonly kind: 'patch'; readonly patch: object; readonly type?: PatchType; readonly subresource?: string }
  /** An immutable field differs: delete it, and create it anew once it is gone. */
  | { readonly kind: 'recreate'; readonly reason: string };

/** An object of another kind that a virtual object names. */
export interface Reference {
  readonly resource: Resource;
  readonly name: string;
  /** @default that of the object that names it */
  readonly namespace?: string;
  /** Whether the object works without it (`optional: true`). */
  readonly optional: boolean;
}
