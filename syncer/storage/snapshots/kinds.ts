import { type Declaration, toHost } from '../../engine/declaration';
import { hostKeyOf } from '../../engine/placement';
import { isSelected } from '../../engine/selected';
import type { CacheShape, SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { keyOf } from '../../kube/types';
import { BY_BOUND, companionOf } from '../companion-declaration';
import { contentOfSnapshot } from './content';
import { snapshotBack, snapshotChanges, toHostSnapshot } from './to-host';
import type { VolumeSnapshot, VolumeSnapshotClass, VolumeSnapshotContent } from './types';

const HOST_SNAPSHOTS: CacheShape<VolumeSnapshot> = {
  optional: true,
  indexers: {
    [BY_BOUND]: ({ status }) =>
      status?.boundVolumeSnapshotContentName === undefined ? [] : [status.boundVolumeSnapshotContentName],
  },
};

const CRDS = ['volumesnapshots.snapshot.storage.k8s.io', 'volumesnapshotcontents.snapshot.storage.k8s.io'];

const isOn = ({ sections }: ClusterContext) => sections.sync.toHost.volumeSnapshots.enabled;

const base = toHost<VolumeSnapshot, VolumeSnapshot>({
  resource: RESOURCES.volumeSnapshots,
  enabled: isOn,
  crds: CRDS,
  virtualCache: { optional: true },
  hostCache: HOST_SNAPSHOTS,
  kind(context, sides) {
    const contents = sides.virtual<VolumeSnapshotContent>(RESOURCES.volumeSnapshotContents, { optional: true });
    const host = sides.host<VolumeSnapshot>(RESOURCES.volumeSnapshots, HOST_SNAPSHOTS);
    const known = {
      classes: shownClasses(context, sides),
      isCopied: (key: string) => host.get(hostKeyOf(key, context)) !== undefined,
    };
    return {
      resource: RESOURCES.volumeSnapshots,
      trigger: 'always',
      translate: (virtual) => toHostSnapshot(virtual, context, known),
      changes: snapshotChanges,
      back: (copy, virtual) => snapshotBack(copy, virtual, context, (name) => contents.get(name) !== undefined),
    };
  },
});

/** Snapshots of volumes. Bound ones wait until their content is shown. */
const snapshots: Declaration = {
  ...base,
  open(sides, context) {
    const opened = base.open(sides, context);
    const contents = sides.virtual<VolumeSnapshotContent>(RESOURCES.volumeSnapshotContents, { optional: true }).cache;
    const virtual = sides.virtual<VolumeSnapshot>(RESOURCES.volumeSnapshots, { optional: true }).cache;
    const host = sides.host<VolumeSnapshot>(RESOURCES.volumeSnapshots, HOST_SNAPSHOTS);
    const { enabled } = context.sections.sync.fromHost.volumeSnapshotClasses;
    const classes = enabled ? hostClasses(sides).cache : undefined;
    return {
      ...opened,
      wire(parts) {
        const wired = opened.wire(parts);
        contents.subscribe((change) => {
          const { namespace, name } = (change.kind === 'deleted' ? change.previous : change.object).spec
            .volumeSnapshotRef;
          if (namespace !== undefined && name !== undefined) wired.controller.enqueue(`${namespace}/${name}`);
        });
        classes?.subscribe(() => {
          for (const snapshot of virtual.list()) {
            if (host.get(hostKeyOf(keyOf(snapshot), context)) === undefined) wired.controller.enqueue(keyOf(snapshot));
          }
        });
        return wired;
      },
    };
  },
};

/** The contents of snapshots, as the virtual cluster shows them. */
const contents: Declaration = companionOf<VolumeSnapshot, VolumeSnapshotContent>({
  resource: RESOURCES.volumeSnapshotContents,
  enabled: isOn,
  optional: true,
  crds: CRDS,
  claimResource: RESOURCES.volumeSnapshots,
  hostCache: HOST_SNAPSHOTS,
  kind(context, sides) {
    const classes = shownClasses(context, sides);
    return contentOfSnapshot((name) => classes()?.find(({ metadata }) => metadata.name === name));
  },
});

/** Snapshots and what they are bound to. */
export const SNAPSHOT_KINDS: readonly Declaration[] = [snapshots, contents];

function shownClasses({ sections }: ClusterContext, sides: SideRegistry) {
  const { enabled, selector } = sections.sync.fromHost.volumeSnapshotClasses;
  if (!enabled) return () => undefined;
  const host = hostClasses(sides);
  return () => host.cache.list().filter((one) => isSelected(one, selector));
}

function hostClasses(sides: SideRegistry) {
  return sides.foreign<VolumeSnapshotClass>(RESOURCES.volumeSnapshotClasses, { optional: true });
}
