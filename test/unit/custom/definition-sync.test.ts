import { DefinitionSync } from '../../../syncer/custom/definition-sync';
import type { CustomResourceDefinition } from '../../../syncer/custom/types';
import { createRecorder } from '../../../syncer/engine/recorder';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject, PatchType, Resource } from '../../../syncer/kube/types';
import { MemoryApi } from '../engine/memory-api';

const { customResourceDefinitions } = RESOURCES;
const NAME = 'foos.example.com';

function definition(more: Partial<CustomResourceDefinition['spec']> = {}): CustomResourceDefinition {
  return {
    metadata: { name: NAME },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'foos', kind: 'Foo' },
      conversion: { strategy: 'None' },
      versions: [{ name: 'v1', served: true, storage: true }],
      ...more,
    },
  };
}

/** An API server of a release that does not know a field of definitions. */
class OlderApi extends MemoryApi {
  override async patch<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    patch: object,
    options: { type?: PatchType; subresource?: string } = {},
  ): Promise<T> {
    const { selectableFields: _, ...known } = 'spec' in patch ? (patch.spec as { selectableFields?: unknown }) : {};
    return super.patch<T>(resource, namespace, name, { ...patch, spec: known }, options);
  }
}

/** A definition that both API servers have, in line. */
async function inStep(virtual = new MemoryApi('virtual')) {
  const host = new MemoryApi('host');
  host.put(customResourceDefinitions, definition());
  const virtualCache = virtual.cache<CustomResourceDefinition>(customResourceDefinitions);
  const sides = {
    host: new Side(host.cache<CustomResourceDefinition>(customResourceDefinitions), host),
    virtual: new Side(virtualCache, virtual),
  };
  const recorder = createRecorder(virtual, () => undefined);
  const sync = new DefinitionSync(NAME, sides, undefined, recorder);
  await sync.reconcile();
  const copy = () => virtual.peek<CustomResourceDefinition>(customResourceDefinitions, NAME);
  virtual.take();
  return { host, virtual, virtualCache, sync, copy };
}

/** What the tenant does to the copy. */
function withShortName(copy: CustomResourceDefinition | undefined): CustomResourceDefinition {
  if (copy === undefined) throw new Error('there is no copy');
  return { ...copy, spec: { ...copy.spec, names: { ...copy.spec.names, shortNames: ['f'] } } };
}

const NEWER = { versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: {} } }] };

describe('a definition that is kept in step with the host’s', () => {
  it('is put back when the tenant changes it between two looks, unseen by the second one’s cache', async () => {
    const { host, virtual, virtualCache, sync, copy } = await inStep();
    host.put(customResourceDefinitions, definition(NEWER));
    virtualCache.lag();
    virtual.put(customResourceDefinitions, withShortName(copy()));
    expect(await sync.reconcile()).toEqual({ kind: 'patched' });
    virtualCache.catchUp();
    expect(await sync.reconcile()).toEqual({ kind: 'patched' });
    expect(copy()?.spec).toMatchObject({ ...NEWER, names: { plural: 'foos', kind: 'Foo' } });
    expect(copy()?.spec.names).not.toHaveProperty('shortNames');
  });

  it('is written once to an API server that drops what is new', async () => {
    const { host, virtual, sync } = await inStep(new OlderApi('virtual'));
    host.put(customResourceDefinitions, definition({ ...NEWER, selectableFields: [] } as object));
    await sync.reconcile();
    await sync.reconcile();
    virtual.take();
    expect(await sync.reconcile()).toEqual({ kind: 'unchanged' });
    expect(virtual.take()).toEqual([]);
  });
});
