import { hostName } from '../../lib/contract';
import { untilTold } from './contract/expectation';
import { describeKindToHost } from './contract/to-host';
import { describeKindToVirtual } from './contract/to-virtual';
import type { ObjectRef, TestObject } from './support/api';
import { NOTHING_FOUND } from './support/syncer';
import { usePair } from './support/use-pair';

const GROUP = 'crossing.example.com';
const PLATFORM = 'custom-platform';

/** A custom kind whose spec and status may hold anything, with a status of its own. */
function definition(kind: string, more: { readonly scope?: string; readonly properties?: object } = {}): TestObject {
  const plural = `${kind.toLowerCase()}s`;
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: more.scope ?? 'Namespaced',
      names: { plural, kind },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open, ...more.properties } } },
        },
      ],
    },
  };
}

const custom = (kind: string, metadata: TestObject['metadata'], more: object = {}): TestObject => ({
  apiVersion: `${GROUP}/v1`,
  kind,
  metadata,
  ...more,
});

describe('custom resources', () => {
  const pair = usePair({
    spec: {
      customResources: {
        toHost: [
          {
            definition: `widgets.${GROUP}`,
            version: 'v1',
            kind: 'Widget',
            references: [
              { path: 'spec.secretName', kind: 'secrets' },
              { path: 'spec.targets[*].name', kind: 'services', namespacePath: 'spec.targets[*].namespace' },
            ],
            selectors: ['spec.selector'],
            annotations: { toHost: ['example.com/size'], toVirtual: ['example.com/revision'] },
          },
        ],
        fromHost: [
          {
            definition: `plans.${GROUP}`,
            version: 'v1',
            kind: 'Plan',
            scope: 'cluster',
            selector: { matchLabels: { shown: 'yes' } },
          },
          {
            definition: `offers.${GROUP}`,
            version: 'v1',
            kind: 'Offer',
            scope: 'namespaced',
            mappings: [{ from: { namespace: PLATFORM }, to: { namespace: 'offers' } }],
          },
        ],
      },
    },
    hostObjects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: PLATFORM } },
      definition('Widget'),
      definition('Plan', { scope: 'Cluster' }),
      definition('Offer'),
    ],
  });
  beforeAll(async () => {
    for (const kind of ['Widget', 'Plan', 'Offer'])
      await pair().virtual.until(definition(kind), 'to be served', ({ status }) =>
        status?.conditions?.some((one: TestObject) => one.type === 'Established' && one.status === 'True'),
      );
  });

  describeKindToHost({
    name: 'Widget',
    pair,
    object: (name, namespace) =>
      custom(
        'Widget',
        { name, namespace, labels: { app: 'a' } },
        { spec: { secretName: 'key', size: 1, extra: { a: 1 } } },
      ),
    expectHost: ({ metadata }: TestObject, { name }: { readonly name: string }) => ({
      spec: { secretName: hostName('key', metadata.namespace ?? '', name), size: 1, extra: { a: 1 } },
    }),
    updates: [
      { what: 'a value', patch: { spec: { size: 2 } }, expect: { spec: { size: 2 } } },
      {
        what: 'a selector',
        patch: { spec: { selector: { matchLabels: {} } } },
        expect: ({ metadata }: TestObject, { name }: { readonly name: string }) => ({
          spec: {
            selector: {
              matchLabels: { 'vcluster.loft.sh/managed-by': name, 'vcluster.loft.sh/namespace': metadata.namespace },
            },
          },
        }),
      },
      {
        what: 'an annotation that crosses',
        patch: { metadata: { annotations: { 'example.com/size': 'big' } } },
        expect: ({ metadata }: TestObject) => ({
          metadata: {
            annotations: { 'vcluster.loft.sh/object-name': metadata.name, 'example.com/size': 'big' },
          },
        }),
      },
    ],
    stray: { spec: { size: 9 } },
    fromHost: [
      {
        what: 'its status',
        patch: { status: { phase: 'Ready' } },
        subresource: 'status',
        expect: { status: { phase: 'Ready' } },
      },
      {
        what: 'an annotation of the operator',
        patch: { metadata: { annotations: { 'example.com/revision': '7' } } },
        expect: { metadata: { annotations: { 'example.com/revision': '7' } } },
      },
    ],
  });

  describeKindToVirtual({
    name: 'Plan, cluster-scoped',
    pair,
    object: (name) => custom('Plan', { name, labels: { shown: 'yes' } }, { spec: { price: 1 } }),
    expectVirtual: { spec: { price: 1 } },
    updates: [
      { what: 'a value', patch: { spec: { price: 2 } }, expect: { spec: { price: 2 } } },
      { what: 'its status', patch: { status: { sold: 3 } }, subresource: 'status', expect: { status: { sold: 3 } } },
    ],
    stray: { spec: { price: 9 } },
    deselect: { metadata: { labels: { shown: 'no' } } },
  });

  describeKindToVirtual({
    name: 'Offer, by namespace',
    pair,
    object: (name) => custom('Offer', { name, namespace: PLATFORM }, { spec: { price: 1 } }),
    shownAs: ({ apiVersion = '', kind = '', metadata: { name = '' } }: ObjectRef) => ({
      apiVersion,
      kind,
      metadata: { name, namespace: 'offers' },
    }),
    expectVirtual: { spec: { price: 1 } },
    updates: [{ what: 'a value', patch: { spec: { price: 2 } }, expect: { spec: { price: 2 } } }],
    stray: { spec: { price: 9 } },
  });

  it('leave to the operator what it fills in, and take away what the tenant takes away', async () => {
    const { virtual, host, name, namespace } = pair();
    const widget = await virtual.create(
      custom('Widget', { name: 'shared', namespace: 'default' }, { spec: { a: 1, b: 2 } }),
    );
    const copy = custom('Widget', { name: hostName('shared', 'default', name), namespace });
    await host.until(copy, 'to be there');
    await host.patch(copy, { spec: { filledIn: true } });
    await virtual.patch(widget, { spec: { a: 5, b: null } });
    await host.until(copy, 'to follow', ({ spec }) => spec.a === 5);
    expect((await host.get(copy))?.spec).toEqual({ a: 5, filledIn: true });
    await virtual.delete(widget);
    await host.untilGone(copy);
  });

  it('bring the Secrets that they name to the host', async () => {
    const { virtual, host, name, namespace } = pair();
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'used', namespace: 'default' },
      stringData: { a: 'b' },
    };
    await virtual.create(secret);
    const copy = { ...secret, metadata: { name: hostName('used', 'default', name), namespace } };
    const widget = await virtual.create(
      custom('Widget', { name: 'user', namespace: 'default' }, { spec: { secretName: 'used' } }),
    );
    await host.until(copy, 'to be brought along');
    await virtual.delete(widget);
    await host.untilGone(copy);
    await virtual.delete(secret);
  });

  it('may not name objects of other namespaces', async () => {
    const { virtual, host, name, namespace } = pair();
    const widget = await virtual.create(
      custom(
        'Widget',
        { name: 'nosy', namespace: 'default' },
        { spec: { targets: [{ name: 'a', namespace: 'other' }] } },
      ),
    );
    await untilTold(pair(), widget, 'CrossNamespaceReference');
    expect(await host.get(custom('Widget', { name: hostName('nosy', 'default', name), namespace }))).toBeUndefined();
    await virtual.delete(widget);
  });

  it('have the schema that the host has, also when it changes', async () => {
    const { virtual, host } = pair();
    const changed = definition('Widget', { properties: { note: { type: 'string' } } });
    await host.patch(changed, { spec: { versions: changed.spec.versions } });
    await virtual.until(changed, 'to follow', ({ spec }) => spec.versions[0].schema.openAPIV3Schema.properties.note);
    await virtual.patch(changed, { spec: { names: { shortNames: ['wdg'] } } });
    await virtual.until(changed, 'to be put back', ({ spec }) => spec.names.shortNames === undefined);
  });
});

describe('a custom kind that the tenant has defined itself', () => {
  const pair = usePair({
    spec: {
      customResources: {
        toHost: [
          { definition: `gadgets.${GROUP}`, version: 'v1', kind: 'Gadget' },
          { definition: `regions.${GROUP}`, version: 'v1', kind: 'Region' },
        ],
      },
    },
  });

  it('is left alone when the host comes to have another definition, and the tenant is told', async () => {
    const { virtual, host } = pair();
    const own = await virtual.create(definition('Gadget', { properties: { mine: { type: 'string' } } }));
    const theirs = await host.create(definition('Gadget'));
    try {
      await untilTold(pair(), own, 'DefinitionDiffers');
      expect((await virtual.get(own))?.spec).toEqual(own.spec);
    } finally {
      await host.delete(theirs);
      await host.untilGone(theirs);
    }
    expect((await virtual.get(own))?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('is not copied where it is cluster-scoped on the host, though the tenant says otherwise', async () => {
    const { virtual, host, syncer } = pair();
    const theirs = await host.create(definition('Region', { scope: 'Cluster' }));
    const own = await virtual.create(definition('Region'));
    for (const [api, made] of [
      [host, theirs],
      [virtual, own],
    ] as const)
      await api.until(made, 'to be served', ({ status }) =>
        status?.conditions?.some((one: TestObject) => one.type === 'Established' && one.status === 'True'),
      );
    try {
      await virtual.create(custom('Region', { name: 'north', namespace: 'default' }, { spec: { size: 1 } }));
      expect(await syncer.patrol()).toEqual(NOTHING_FOUND);
      const regions = { group: GROUP, version: 'v1', plural: 'regions', kind: 'Region', namespaced: false };
      expect(await host.list(regions)).toEqual([]);
    } finally {
      await host.delete(theirs);
    }
  });
});
