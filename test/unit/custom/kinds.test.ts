import type { CustomResourcesOptions, SyncOptions } from '../../../lib';
import { CUSTOM_KINDS } from '../../../syncer/custom/kinds';
import { SideRegistry } from '../../../syncer/engine/side-registry';
import type { ClusterContext } from '../../../syncer/engine/types';
import { silentLogger } from '../../../syncer/kube/logger';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';
import { sectionsOf } from '../engine/sections';

const customResources: CustomResourcesOptions = {
  toHost: [
    {
      definition: 'databases.example.com',
      version: 'v1',
      kind: 'Database',
      references: [{ path: 'status.claim', kind: 'persistentVolumeClaims' }],
    },
  ],
};

/** What is watched on the host for a kind whose status names claims. */
function watched(persistentVolumeClaims: boolean): readonly string[] {
  const sync: SyncOptions = { toHost: { persistentVolumeClaims: { enabled: persistentVolumeClaims } } };
  const context: ClusterContext = { ...ARTICLE, sections: sectionsOf({ customResources, sync }) };
  const registry = new SideRegistry(
    { virtual: new MemoryApi('virtual'), host: new MemoryApi('host') },
    context,
    silentLogger,
  );
  for (const declaration of CUSTOM_KINDS(context)) declaration.open(registry, context);
  return registry.reflectors.map(({ resource }) => resource.plural);
}

describe('a custom resource whose status names claims', () => {
  it('looks them up where claims are copied', () => {
    expect(watched(true)).toContain('persistentvolumeclaims');
  });

  it('waits for no right to look at them where they are not', () => {
    expect(watched(false)).not.toContain('persistentvolumeclaims');
  });
});
