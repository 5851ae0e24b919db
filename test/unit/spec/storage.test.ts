import { resolveSpec, type SpecError, type VirtualClusterOptions, type VirtualClusterSpec } from '../../../lib';
import { isStorageShown, readsHostVolumes } from '../../../lib/contract';
import { syncerRights } from '../../../lib/manifests/rights';

function issues(sync: unknown): readonly string[] {
  try {
    resolveSpec({ name: 'team-a', sync } as VirtualClusterSpec);
    return [];
  } catch (error) {
    return (error as SpecError).issues.map(({ path, message, allowed }) => `${path}: ${message} (${allowed})`);
  }
}

const resolved = (options: VirtualClusterOptions = {}) => resolveSpec({ name: 'team-a', ...options });
const rightsOn = (resource: string, options?: VirtualClusterOptions) => {
  const { namespaced, clusterWide } = syncerRights(resolved(options));
  return {
    namespaced: namespaced.find((right) => right.resource === resource)?.verbs,
    clusterWide: clusterWide.find((right) => right.resource === resource)?.verbs,
  };
};
const OWN_SCHEDULER: VirtualClusterOptions = { nodes: { mode: 'all', scheduling: { by: 'own' } } };
const READ = ['get', 'list', 'watch'];
const SYNC = [...READ, 'create', 'patch', 'delete'];

describe('what is declared about storage', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'volumes without claims',
      { toHost: { persistentVolumeClaims: { enabled: false }, persistentVolumes: { enabled: true } } },
      [
        'sync.toHost.persistentVolumes: is switched on without the claims (persistentVolumes together with persistentVolumeClaims)',
      ],
    ],
    [
      'snapshots without claims',
      { toHost: { persistentVolumeClaims: { enabled: false }, volumeSnapshots: { enabled: true } } },
      [
        'sync.toHost.volumeSnapshots: is switched on without the claims (volumeSnapshots together with persistentVolumeClaims)',
      ],
    ],
    [
      'storage classes in both directions',
      {
        toHost: { storageClasses: { enabled: true } },
        fromHost: { storageClasses: { selector: { names: ['fast'] } } },
      },
      ['sync.fromHost.storageClasses: is switched on in both directions (storageClasses in toHost or in fromHost)'],
    ],
    [
      'a source that is none',
      { toHost: { persistentVolumes: { sources: ['hostpath'] } } },
      ['sync.toHost.persistentVolumes.sources[0]: is not one of the choices (csi, nfs, iscsi, fc, hostPath, local)'],
    ],
    [
      'no sources at all',
      { toHost: { persistentVolumes: { sources: [] } } },
      ['sync.toHost.persistentVolumes.sources: must name at least one source (undefined)'],
    ],
  ])('refuses %s', (_what, sync, expected) => {
    expect(issues(sync)).toEqual(expected);
  });

  it('lets no volume of a tenant lie on the host’s machines unless that is said', () => {
    expect(resolved().sections.sync.toHost.persistentVolumes).toEqual({
      enabled: false,
      sources: ['csi', 'nfs', 'iscsi', 'fc'],
    });
  });

  it.each(['storageClasses', 'csiDrivers', 'csiNodes', 'csiStorageCapacities'] as const)(
    'shows %s to the tenant’s own scheduler, which needs them, and not otherwise',
    (kind) => {
      expect(isStorageShown(kind, resolved().sections)).toBe(false);
      expect(isStorageShown(kind, resolved(OWN_SCHEDULER).sections)).toBe(true);
      const off = { ...OWN_SCHEDULER, sync: { fromHost: { [kind]: { enabled: false } } } };
      expect(isStorageShown(kind, resolved(off).sections)).toBe(false);
      const none = { ...OWN_SCHEDULER, sync: { toHost: { persistentVolumeClaims: { enabled: false } } } };
      expect(isStorageShown(kind, resolved(none).sections)).toBe(false);
    },
  );

  it('shows no classes to a scheduler whose tenant brings their own', () => {
    const own = { ...OWN_SCHEDULER, sync: { toHost: { storageClasses: { enabled: true } } } };
    expect(isStorageShown('storageClasses', resolved(own).sections)).toBe(false);
    expect(readsHostVolumes(resolved(own).sections)).toBe(true);
  });
});

describe('what storage takes on the host', () => {
  it('is claims in the namespace by default, and nothing of the whole cluster', () => {
    expect(rightsOn('persistentvolumeclaims')).toEqual({ namespaced: SYNC, clusterWide: undefined });
    expect(syncerRights(resolved()).clusterWide).toEqual([]);
  });

  it.each<[string, string, VirtualClusterOptions, object]>([
    [
      'volumes of the tenant',
      'persistentvolumes',
      { sync: { toHost: { persistentVolumes: { enabled: true } } } },
      { clusterWide: SYNC },
    ],
    ['a scheduler of the tenant', 'persistentvolumes', OWN_SCHEDULER, { clusterWide: READ }],
    [
      'classes of the tenant',
      'storageclasses',
      { sync: { toHost: { storageClasses: { enabled: true } } } },
      { clusterWide: SYNC },
    ],
    [
      'classes of the host',
      'storageclasses',
      { sync: { fromHost: { storageClasses: { enabled: true } } } },
      { clusterWide: READ },
    ],
    [
      'snapshots',
      'volumesnapshots',
      { sync: { toHost: { volumeSnapshots: { enabled: true } } } },
      { namespaced: SYNC },
    ],
    [
      'definitions of snapshots',
      'customresourcedefinitions',
      { sync: { toHost: { volumeSnapshots: { enabled: true } } } },
      { clusterWide: ['list', 'watch'] },
    ],
    ['no claims', 'persistentvolumeclaims', { sync: { toHost: { persistentVolumeClaims: { enabled: false } } } }, {}],
  ])('is for %s no more than needed: %s', (_what, resource, options, expected) => {
    expect(rightsOn(resource, options)).toEqual({ namespaced: undefined, clusterWide: undefined, ...expected });
  });
});
