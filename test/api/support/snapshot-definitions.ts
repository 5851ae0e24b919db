import type { TestObject } from './api';

const GROUP = 'snapshot.storage.k8s.io';

/** The definitions of the snapshot kinds, with what the syncer relies on: their scope, and a status of their own. */
export const SNAPSHOT_DEFINITIONS: readonly TestObject[] = [
  definition('VolumeSnapshot', 'volumesnapshots', 'Namespaced'),
  definition('VolumeSnapshotContent', 'volumesnapshotcontents', 'Cluster'),
  definition('VolumeSnapshotClass', 'volumesnapshotclasses', 'Cluster'),
];

function definition(kind: string, plural: string, scope: string): TestObject {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${GROUP}`,
      // Without it Kubernetes refuses definitions of its own groups.
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-csi/external-snapshotter/pull/814' },
    },
    spec: {
      group: GROUP,
      scope,
      names: { plural, kind },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          ...(kind === 'VolumeSnapshotClass' ? {} : { subresources: { status: {} } }),
          schema: { openAPIV3Schema: open },
        },
      ],
    },
  };
}
