import { ANNOTATIONS } from '../../../lib/contract';
import { mergePatch, type OwnedPath } from '../../engine/diff';
import { pick } from '../../engine/pick';
import { hostNameOf, hostNamespaceOf } from '../../engine/placement';
import { scrub } from '../../engine/scrub';
import type { Change, ClusterContext } from '../../engine/types';
import { STORAGE_ANNOTATIONS } from '../annotations';
import { type StorageClasses, virtualClassName } from '../classes/choose';
import type { ClaimStatus, PersistentVolumeClaim } from '../types';

/** What the way back of a claim must know besides the claim. */
export interface ClaimBackSurroundings {
  readonly classes: StorageClasses;
  /**
   * The name that the tenant knows the host's volume by, `undefined` until the virtual cluster shows it. As in Kubernetes
   * a volume exists before a claim is bound to it.
   */
  virtualVolume(hostVolume: string, claim: PersistentVolumeClaim): string | undefined;
}

/** The writes that bring what the host decided about a claim to the virtual cluster. */
export function claimBack(
  host: PersistentVolumeClaim,
  virtual: PersistentVolumeClaim,
  ctx: ClusterContext,
  known: ClaimBackSurroundings,
): readonly Change[] {
  const { volumeName: hostVolume } = host.spec;
  const volumeName = hostVolume === undefined ? undefined : known.virtualVolume(hostVolume, virtual);
  const isBound = host.status?.phase === 'Bound' && volumeName !== undefined;
  const changes = [decided(host, virtual, ctx, known, isBound ? volumeName : undefined)];
  if (host.status?.phase !== 'Bound' || isBound) changes.push(statusPatch(host, virtual, ctx));
  return changes.filter((change) => change !== undefined);
}

/** As in Kubernetes, a claim that has lost its volume says so. */
export function lostPhase({ status }: PersistentVolumeClaim, reason: string): readonly Change[] {
  if (reason !== 'ClaimLost' || status?.phase === 'Lost') return [];
  return [{ kind: 'patch', patch: { status: { phase: 'Lost' } }, subresource: 'status' }];
}

/** Annotations of the host's controllers, and the fields that they may still fill in: volume, and class where none was named. */
function decided(
  host: PersistentVolumeClaim,
  virtual: PersistentVolumeClaim,
  ctx: ClusterContext,
  { classes }: ClaimBackSurroundings,
  volumeName: string | undefined,
): Change | undefined {
  const hasClass =
    (virtual.metadata.annotations?.[STORAGE_ANNOTATIONS.betaClass] ?? virtual.spec.storageClassName) !== undefined;
  const className = hasClass ? undefined : virtualClassName(host.spec.storageClassName, classes, ctx);
  const desired: PersistentVolumeClaim = {
    metadata: { ...virtual.metadata, annotations: { ...virtual.metadata.annotations, ...shown(host, volumeName) } },
    spec: {
      ...virtual.spec,
      ...(virtual.spec.volumeName === undefined && volumeName !== undefined && { volumeName }),
      ...(className !== undefined && className !== '' && { storageClassName: className }),
    },
  };
  const patch = mergePatch(desired, virtual, ['spec.volumeName', 'spec.storageClassName']);
  const rejected = rejectedNode(host, virtual);
  if (rejected === undefined) return patch && { kind: 'patch', patch };
  return { kind: 'patch', patch: withoutAnnotation(patch ?? {}, rejected) };
}

function shown({ metadata: { annotations = {} } }: PersistentVolumeClaim, volumeName: string | undefined) {
  const { bindCompleted, boundByController, storageProvisioner, betaStorageProvisioner } = STORAGE_ANNOTATIONS;
  const keys: readonly string[] = [
    storageProvisioner,
    betaStorageProvisioner,
    ...(volumeName === undefined ? [] : [bindCompleted, boundByController]),
  ];
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => keys.includes(key)));
}

/** The key of a node's annotation that the host's provisioner has taken back, so that another node must be chosen. */
function rejectedNode(host: PersistentVolumeClaim, virtual: PersistentVolumeClaim): string | undefined {
  const { selectedNode } = STORAGE_ANNOTATIONS;
  const chosen = virtual.metadata.annotations?.[selectedNode];
  const sent = host.metadata.annotations?.[ANNOTATIONS.selectedNode];
  const isTakenBack =
    chosen !== undefined && chosen === sent && host.metadata.annotations?.[selectedNode] === undefined;
  return isTakenBack && host.spec.volumeName === undefined ? selectedNode : undefined;
}

function withoutAnnotation(patch: { readonly [key: string]: unknown }, key: string): object {
  const metadata = (patch.metadata ?? {}) as { readonly annotations?: object };
  return { ...patch, metadata: { ...metadata, annotations: { ...metadata.annotations, [key]: null } } };
}

const STATUS: readonly OwnedPath[] = [
  'status.phase',
  'status.accessModes',
  'status.capacity',
  { path: 'status.conditions', hostAssigned: [] },
  'status.allocatedResources',
  'status.allocatedResourceStatuses',
  'status.currentVolumeAttributesClassName',
  'status.modifyVolumeStatus',
];

function statusPatch(
  host: PersistentVolumeClaim,
  virtual: PersistentVolumeClaim,
  ctx: ClusterContext,
): Change | undefined {
  const { name = '', namespace = '' } = virtual.metadata;
  const clean = (text: string) =>
    scrub(text, [
      [hostNameOf(name, namespace, ctx), name],
      [hostNamespaceOf(namespace, ctx), namespace],
    ]);
  const conditions = host.status?.conditions?.map((condition) =>
    condition.message === undefined ? condition : { ...condition, message: clean(condition.message) },
  );
  const status: ClaimStatus = {
    ...pick(host.status, ['phase', 'accessModes', 'capacity', 'allocatedResources', 'allocatedResourceStatuses']),
    ...(knowsAttributes(ctx) && pick(host.status, ['currentVolumeAttributesClassName', 'modifyVolumeStatus'])),
    ...(conditions && { conditions }),
  };
  const patch = mergePatch({ metadata: virtual.metadata, ...{ status } }, virtual, STATUS);
  return patch && { kind: 'patch', patch, subresource: 'status' };
}

/** Kubernetes drops what it does not know: classes of volume attributes came with 1.34. */
function knowsAttributes({ config }: ClusterContext): boolean {
  return Number(config.kubernetesVersion.split('.')[1]) >= 34;
}
