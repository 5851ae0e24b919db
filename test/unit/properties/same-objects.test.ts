import fc from 'fast-check';
import { generate, type Manifest, planChanges, renderYaml, resolveSpec, type VirtualClusterSpec } from '../../../lib';
import { declarations } from '../../support/declarations/arbitrary';
import { FIXED_ONCE_MADE, immutableChanges, keepsFixed } from '../../support/declarations/immutable';
import { versions } from '../../support/declarations/versions';

// Hundreds of virtual clusters with all their objects take a while on a busy machine.
jest.setTimeout(120_000);

const objectsOf = (declaration: VirtualClusterSpec) => generate(resolveSpec(declaration)).map(({ object }) => object);

/** What makes an object the same one. */
const idOf = ({ apiVersion, kind, metadata: { name, namespace } }: Manifest): string =>
  `${apiVersion} ${kind} ${namespace ?? ''}/${name}`;

/** What can't be changed in objects that both versions have, yet differs. */
function changes(before: VirtualClusterSpec, after: VirtualClusterSpec): readonly string[] {
  const old = new Map(objectsOf(before).map((object) => [idOf(object), object]));
  return objectsOf(after).flatMap((object) => {
    const same = old.get(idOf(object));
    return same === undefined ? [] : immutableChanges(same, object).map((field) => `${idOf(object)}: ${field}`);
  });
}

describe('any declaration', () => {
  it('gives the same objects each time', () => {
    fc.assert(
      fc.property(declarations(), (declaration) => {
        expect(renderYaml(resolveSpec(structuredClone(declaration)))).toBe(renderYaml(resolveSpec(declaration)));
      }),
      { numRuns: 100 },
    );
  });

  it('has no object twice, and each under a slot of its own', () => {
    fc.assert(
      fc.property(declarations(), (declaration) => {
        const slots = generate(resolveSpec(declaration));
        expect(new Set(slots.map(({ slot }) => slot)).size).toBe(slots.length);
        expect(new Set(slots.map(({ object }) => idOf(object))).size).toBe(slots.length);
      }),
      { numRuns: 100 },
    );
  });

  it('can become any other without a change of what Kubernetes never changes, but for a short list of fields', () => {
    fc.assert(
      fc.property(versions(), ([before, after]) => {
        fc.pre(keepsFixed(before, after));
        expect(changes(before, after)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('never becomes another by such a change without the plan saying so', () => {
    fc.assert(
      fc.property(versions(), ([before, after]) => {
        const plan = planChanges(objectsOf(after), objectsOf(before), { current: 'declared' });
        const told = plan.changes.filter(({ effect }) => effect === 'recreate' || effect === 'dataLoss');
        const names = new Set(told.map(({ object }) => idOf({ ...object, metadata: object })));
        for (const change of changes(before, after)) expect(names).toContain(change.slice(0, change.lastIndexOf(': ')));
      }),
      { numRuns: 200 },
    );
  });
});

it.each([
  ['store.persistence.kind', { store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } } }],
  ['store.persistence.size', { store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', size: '6Gi' } } }],
  [
    'store.persistence.storageClass',
    { store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', storageClass: 'b' } } },
  ],
  [
    'controlPlane.service.loadBalancerClass',
    { controlPlane: { service: { type: 'LoadBalancer', loadBalancerClass: 'example.com/b' } } },
  ],
  [
    'endpoint.loadBalancerClass',
    { endpoint: { via: 'loadBalancer', hostname: 'a.example', loadBalancerClass: 'example.com/b' } },
  ],
] as const)('%s is in that list', (path, change) => {
  expect(FIXED_ONCE_MADE.map((fields) => fields.join('.'))).toContain(path);
  const before: VirtualClusterSpec = {
    name: 'team-a',
    controlPlane: { service: { type: 'LoadBalancer' } },
    endpoint: { via: 'loadBalancer', hostname: 'a.example' },
  };
  expect(changes(before, { ...before, ...change })).toHaveLength(1);
});
