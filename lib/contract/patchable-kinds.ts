import { declaredKind, KINDS_WITH_METADATA, type KindWithMetadata } from './metadata-keys';

/** Kinds that are only shown in the virtual cluster, by the name that a declaration uses, and their names in the API. */
const SHOWN_KINDS = {
  ingressClasses: 'IngressClass',
  gatewayClasses: 'GatewayClass',
  runtimeClasses: 'RuntimeClass',
  deviceClasses: 'DeviceClass',
  csiDrivers: 'CSIDriver',
  csiNodes: 'CSINode',
  csiStorageCapacities: 'CSIStorageCapacity',
  volumeSnapshotClasses: 'VolumeSnapshotClass',
} as const;

/** A kind that is only shown in the virtual cluster: its objects can be changed on the way there alone. */
export type ShownKind = keyof typeof SHOWN_KINDS;

/** A kind that is copied to the host, as a declaration names it. */
export type CopiedKind = KindWithMetadata;

/** Names of the kinds that a patch can be for, custom kinds aside. */
export const PATCHABLE_KINDS: readonly (CopiedKind | ShownKind)[] = [
  ...(Object.keys(KINDS_WITH_METADATA) as CopiedKind[]),
  ...(Object.keys(SHOWN_KINDS) as ShownKind[]),
];

/** Whether nothing of this kind is ever copied to the host. */
export function isShownKind(name: string): name is ShownKind {
  return Object.hasOwn(SHOWN_KINDS, name);
}

/** The name by which a patch means the kind of a resource: that of a declaration, or `<plural>.<group>` of custom kinds. */
export function patchableName(resource: {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}): string {
  const { group, plural, kind } = resource;
  // A custom kind may be called as one of Kubernetes' own.
  const isCustom = group.includes('.') && !group.endsWith('.k8s.io');
  const shown = Object.entries(SHOWN_KINDS).find(([, name]) => name === kind)?.[0];
  return (isCustom ? undefined : (declaredKind(kind) ?? shown)) ?? `${plural}.${group}`;
}
