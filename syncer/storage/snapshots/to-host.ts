import { mergePatch } from '../../engine/diff';
import { hostMetadata } from '../../engine/metadata';
import { pick } from '../../engine/pick';
import { hostNameOf, hostNamespaceOf } from '../../engine/placement';
import { scrub } from '../../engine/scrub';
import type { Change, ClusterContext, Translation } from '../../engine/types';
import { DEFAULT_SNAPSHOT_CLASS, type VolumeSnapshot, type VolumeSnapshotClass } from './types';

/** What the translation of a snapshot must know besides it. */
export interface SnapshotSurroundings {
  /** The classes that are shown; `undefined`: any class of the host may be named. */
  classes(): readonly VolumeSnapshotClass[] | undefined;
  /** Whether the host holds its copy already, whose class can't be changed. */
  isCopied(key: string): boolean;
}

/** The host's copy of a tenant's snapshot. */
export function toHostSnapshot(
  v: VolumeSnapshot,
  ctx: ClusterContext,
  known: SnapshotSurroundings,
): Translation<VolumeSnapshot> {
  const { name = '', namespace = '' } = v.metadata;
  const { persistentVolumeClaimName: claim } = v.spec.source;
  if (claim === undefined) {
    return refused('spec.source.volumeSnapshotContentName', 'a snapshot of this cluster must be of a claim');
  }
  const className = known.isCopied(`${namespace}/${name}`) ? {} : classOf(v, known.classes());
  if ('kind' in className) return className;
  return {
    kind: 'object',
    object: {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshot',
      metadata: hostMetadata(v, ctx, { kind: { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' } }),
      spec: {
        source: { persistentVolumeClaimName: hostNameOf(claim, namespace, ctx, 'PersistentVolumeClaim') },
        ...className,
      },
    },
  };
}

type Refusal = Extract<Translation<VolumeSnapshot>, { readonly kind: 'refused' }>;

/** The class of a new copy. Where several of those shown are a default, the host takes that of the volume's driver. */
function classOf(
  { spec }: VolumeSnapshot,
  classes: readonly VolumeSnapshotClass[] | undefined,
): Pick<VolumeSnapshot['spec'], 'volumeSnapshotClassName'> | Refusal {
  const { volumeSnapshotClassName: wanted } = spec;
  const field = 'spec.volumeSnapshotClassName';
  if (classes === undefined) return wanted === undefined ? {} : { volumeSnapshotClassName: wanted };
  if (wanted !== undefined) {
    return classes.some(({ metadata }) => metadata.name === wanted)
      ? { volumeSnapshotClassName: wanted }
      : refused(field, `there is no snapshot class "${wanted}"`);
  }
  const [first, ...others] = classes.filter(
    ({ metadata }) => metadata.annotations?.[DEFAULT_SNAPSHOT_CLASS] === 'true',
  );
  if (first === undefined) return refused(field, 'no class is named, and none of this cluster is the default');
  return others.length > 0 || first.metadata.name === undefined ? {} : { volumeSnapshotClassName: first.metadata.name };
}

function refused(field: string, text: string): Refusal {
  return { kind: 'refused', reason: 'SnapshotRefused', field, message: `${field}: ${text}` };
}

/** The writes that bring the host's copy to what is desired: of what it is nothing can be changed. */
export function snapshotChanges(desired: VolumeSnapshot, current: VolumeSnapshot): readonly Change[] {
  const patch = mergePatch(desired, current, []);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

const STATUS = [
  'status.boundVolumeSnapshotContentName',
  'status.creationTime',
  'status.readyToUse',
  'status.restoreSize',
  'status.error',
];

/**
 * The writes that tell the tenant what became of a snapshot.
 * @param isShown whether the content that it is bound to is shown: it is there before the snapshot is bound to it
 */
export function snapshotBack(
  host: VolumeSnapshot,
  virtual: VolumeSnapshot,
  ctx: ClusterContext,
  isShown: (content: string) => boolean,
): readonly Change[] {
  const { volumeSnapshotClassName: hostClass } = host.spec;
  const className = virtual.spec.volumeSnapshotClassName ?? hostClass;
  const desired = {
    ...virtual,
    spec: { ...virtual.spec, ...(className !== undefined && { volumeSnapshotClassName: className }) },
  };
  const spec = mergePatch(desired, virtual, ['spec.volumeSnapshotClassName']);
  const status = statusPatch(host, virtual, ctx, isShown);
  return [
    ...(spec === undefined ? [] : [{ kind: 'patch', patch: spec } as const]),
    ...(status === undefined ? [] : [{ kind: 'patch', patch: status, subresource: 'status' } as const]),
  ];
}

function statusPatch(
  { status = {} }: VolumeSnapshot,
  virtual: VolumeSnapshot,
  ctx: ClusterContext,
  isShown: (content: string) => boolean,
): object | undefined {
  const { boundVolumeSnapshotContentName: content, error } = status;
  if (content !== undefined && !isShown(content)) return undefined;
  const message = error?.message === undefined ? undefined : clean(error.message, virtual, ctx);
  const shown = {
    ...pick(status, ['boundVolumeSnapshotContentName', 'creationTime', 'readyToUse', 'restoreSize']),
    ...(error && { error: { ...pick(error, ['time']), ...(message !== undefined && { message }) } }),
  };
  return mergePatch({ ...virtual, ...{ status: shown } }, virtual, STATUS);
}

function clean(text: string, { metadata, spec }: VolumeSnapshot, ctx: ClusterContext): string {
  const { name = '', namespace = '' } = metadata;
  const claim = spec.source.persistentVolumeClaimName ?? '';
  return scrub(text, [
    [hostNameOf(name, namespace, ctx), name],
    [hostNameOf(claim, namespace, ctx), claim],
    [hostNamespaceOf(namespace, ctx), namespace],
  ]);
}
