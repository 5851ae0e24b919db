import { type Patch, patch, resolveSpec, SpecError, type VirtualClusterOptions } from '../../../lib';

/** What is wrong with patches, a line each. */
function wrongs(patches: unknown, options: VirtualClusterOptions = {}): readonly string[] {
  try {
    resolveSpec({ name: 'a', ...options, patches: patches as readonly Patch[] });
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

const outer = { registry: 'mirror.example.com' };
const same = '(object) => object';
const custom: VirtualClusterOptions = {
  customResources: {
    toHost: [{ definition: 'foos.example.com', version: 'v1', kind: 'Foo' }],
    fromHost: [{ definition: 'bars.example.com', version: 'v1', kind: 'Bar', scope: 'cluster' }],
  },
};

describe('the declaration of patches', () => {
  it('takes functions that are typed by their kind', () => {
    const { sections } = resolveSpec({
      name: 'a',
      patches: [
        patch({
          kind: 'pods',
          toHost: (pod) => ({ ...pod, spec: { ...pod.spec, containers: pod.spec?.containers ?? [], hostname: 'x' } }),
          toVirtual: (pod) => pod,
        }),
        patch({
          kind: 'services',
          oneWay: true,
          toHost(service, { cluster }) {
            return { ...service, metadata: { ...service.metadata, labels: { ...service.metadata?.labels, cluster } } };
          },
        }),
        patch({ kind: 'ingressClasses', oneWay: true, toVirtual: (shown) => shown }),
      ],
    });
    expect(sections['custom-resources'].patches).toEqual([
      { kind: 'pods', toHost: expect.stringMatching(/^\(pod\)=>|^\(pod\) =>/), toVirtual: expect.any(String) },
      { kind: 'services', toHost: expect.stringMatching(/^function toHost\s*\(service/) },
      { kind: 'ingressClasses', toVirtual: expect.any(String) },
    ]);
  });

  it('knows directions and kinds at compile time', () => {
    // @ts-expect-error there must be a way back, or the word that none is needed
    patch({ kind: 'pods', toHost: (pod) => pod });
    // @ts-expect-error both ways are not one way
    patch({ kind: 'pods', oneWay: true, toHost: (pod) => pod, toVirtual: (pod) => pod });
    // @ts-expect-error such a kind does not cross
    patch({ kind: 'deployments', oneWay: true, toHost: (object) => object });
    // @ts-expect-error the object may not be changed in place
    patch({ kind: 'pods', oneWay: true, toHost: (pod) => Object.assign(pod, { spec: undefined }).spec });
    patch<{ readonly spec: { readonly size: number } }>({
      kind: 'foos.example.com',
      oneWay: true,
      toHost: (foo) => ({ ...foo, spec: { size: foo.spec.size + 1 } }),
    });
  });

  it.each<[string, unknown, string]>([
    ['an unknown kind', [{ kind: 'pod', toHost: same, oneWay: true }], 'did you mean "pods"?'],
    ['a kind that does not cross', [{ kind: 'deployments', toHost: same, oneWay: true }], 'is not a kind that crosses'],
    ['no kind', [{ toHost: same, oneWay: true }], 'patches[0].kind: is missing'],
    ['no direction', [{ kind: 'pods' }], 'patches[0]: changes nothing; allowed: toHost, toVirtual or both'],
    [
      'no way back',
      [{ kind: 'pods', toHost: same }],
      'patches[0]: has no way back; give both toHost and toVirtual, or say oneWay: true',
    ],
    ['two ways that are one', [{ kind: 'pods', toHost: same, toVirtual: same, oneWay: true }], 'leave out oneWay'],
    [
      'a way that a kind never goes',
      [{ kind: 'csiDrivers', toHost: same, oneWay: true }],
      'where they never go; allowed: toVirtual',
    ],
    [
      'two patches of a kind',
      [1, 2].map(() => ({ kind: 'pods', toHost: same, oneWay: true })),
      'patches[1].kind ("pods"): has a patch already',
    ],
    [
      'a custom kind that does not cross',
      [{ kind: 'x.example.com', toHost: same, oneWay: true }],
      'is a custom kind that does not cross',
    ],
    ['a shown custom kind', [{ kind: 'bars.example.com', toHost: same, oneWay: true }], 'never goes to the host'],
    [
      'a text that is no function',
      [{ kind: 'pods', toHost: 'object.spec', oneWay: true }],
      'patches[0].toHost ("object.spec"): is not a function of JavaScript',
    ],
    [
      'a native function',
      [{ kind: 'pods', toHost: String(Math.max), oneWay: true }],
      'is not a function of JavaScript',
    ],
    ['an async function', [{ kind: 'pods', toHost: 'async (o) => o', oneWay: true }], 'answers later, not at once'],
    [
      'a free variable',
      [{ kind: 'pods', oneWay: true, toHost: '(o) => ({ ...o, spec: registry })' }],
      'patches[0].toHost ("(o) => ({ ...o, spec: registry })"): uses "registry", which it does not declare',
    ],
    [
      'the time',
      [{ kind: 'pods', oneWay: true, toHost: '(o) => ({ ...o, at: Date.now() })' }],
      'uses "Date", which it does not declare; allowed: its arguments',
    ],
    [
      'a helper of a compiler',
      [{ kind: 'pods', oneWay: true, toHost: '(o) => __spreadArray([], o)' }],
      'let it emit ES2022 or newer',
    ],
  ])('is wrong with %s', (_, patches, expected) => {
    const found = wrongs(patches, custom);
    expect(found[0]).toContain(expected);
    expect(found).toHaveLength(1);
  });

  it('names what a function takes from around it', () => {
    const broken = patch({
      kind: 'configMaps',
      oneWay: true,
      toHost: (object) => ({ ...object, data: { registry: outer.registry } }),
    });
    expect(wrongs([broken])).toEqual([expect.stringContaining('uses "outer", which it does not declare')]);
  });
});
