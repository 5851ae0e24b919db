import type { KubeObject, ObjectKey, Resource } from '../kube/types';
import type { Change, Translation } from './types';

/** A kind whose objects on the host are shown in the virtual cluster: declared here, done by {@link ImportSyncer}. Pure. */
export interface ImportedKind<H extends KubeObject, V extends KubeObject> {
  /** The kind in the virtual cluster. */
  readonly resource: Resource;
  /** The key that a host object gets in the virtual cluster, undefined when it is not shown. */
  virtualKeyOf(hostKey: ObjectKey): ObjectKey | undefined;
  /** The inverse of {@link virtualKeyOf}. */
  hostKeyOf(virtualKey: ObjectKey): ObjectKey | undefined;
  /** What the virtual cluster must hold for a host object. Its marks are added to it. */
  translate(host: H): Translation<V>;
  /** The writes that bring a virtual object to what {@link translate} wants; none when nothing differs. */
  changes(desired: V, current: V): readonly Change[];
}
