import { isStorageShown } from '../../../lib/contract';
import type { Declaration } from '../../engine/declaration';
import { pick } from '../../engine/pick';
import { shownClass } from '../../engine/shown-class';
import { RESOURCES } from '../../kube/resources';
import type { KubeObject } from '../../kube/types';
import { STORAGE_ANNOTATIONS } from '../annotations';
import { DEFAULT_SNAPSHOT_CLASS, type VolumeSnapshotClass } from '../snapshots/types';
import type { StorageClass } from '../types';

/** A VolumeAttributesClass: what a volume can do, such as its throughput. */
interface VolumeAttributesClass extends KubeObject {
  readonly driverName: string;
  readonly parameters?: { readonly [key: string]: string };
}

/** The host's storage classes. Parameters and mount options stay hidden: they name Secrets and servers of the host. */
const storageClasses = shownClass<StorageClass>({
  resource: RESOURCES.storageClasses,
  settings: ({ sections }) => ({
    enabled: isStorageShown('storageClasses', sections),
    selector: sections.sync.fromHost.storageClasses.selector,
  }),
  content: (host) => ({
    provisioner: host.provisioner,
    ...pick(host, ['reclaimPolicy', 'allowVolumeExpansion', 'volumeBindingMode', 'allowedTopologies']),
  }),
  owned: ['provisioner', 'reclaimPolicy', 'allowVolumeExpansion', 'volumeBindingMode', 'allowedTopologies'],
  immutable: ['provisioner', 'reclaimPolicy', 'volumeBindingMode'],
  annotations: [STORAGE_ANNOTATIONS.defaultClass, STORAGE_ANNOTATIONS.betaDefaultClass],
});

/** Kubernetes has these since 1.34. Without parameters there is no such class, so they are shown. */
const volumeAttributesClasses = shownClass<VolumeAttributesClass>({
  resource: RESOURCES.volumeAttributesClasses,
  settings: ({ sections }) => sections.sync.fromHost.volumeAttributesClasses,
  content: (host) => ({ driverName: host.driverName, ...pick(host, ['parameters']) }),
  owned: ['driverName', 'parameters'],
  immutable: ['driverName', 'parameters'],
  optional: true,
});

/** Parameters stay hidden: they name Secrets of the host. */
const volumeSnapshotClasses = shownClass<VolumeSnapshotClass>({
  resource: RESOURCES.volumeSnapshotClasses,
  settings: ({ sections }) => sections.sync.fromHost.volumeSnapshotClasses,
  content: ({ driver, deletionPolicy }) => ({ driver, deletionPolicy }),
  owned: ['driver', 'deletionPolicy'],
  annotations: [DEFAULT_SNAPSHOT_CLASS],
  optional: true,
  crds: ['volumesnapshotclasses.snapshot.storage.k8s.io'],
});

/** Classes of the host that tenants choose from. */
export const SHOWN_CLASSES: readonly Declaration[] = [storageClasses, volumeAttributesClasses, volumeSnapshotClasses];
