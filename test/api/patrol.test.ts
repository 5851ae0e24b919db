import { hostLabelKey, hostName } from '../../lib/contract';
import { eventually } from '../support/eventually';
import { type ObjectRef, resourceOf, type TestObject } from './support/api';
import { NOTHING_FOUND } from './support/syncer';
import { usePair } from './support/use-pair';

const pair = usePair({
  blindable: true,
  sabotaged: true,
  spec: {
    sync: { toHost: { ingresses: { enabled: true }, configMaps: { all: true }, secrets: { all: true } } },
    isolation: { hostnames: { catchAll: true }, classes: { ingress: { default: 'any' } } },
  },
});

const NAMESPACE = 'default';
const meta = (name: string) => ({ name, namespace: NAMESPACE, labels: { app: 'web' } });

/** A kind, how to damage its copy, and how to see that this was mended. */
interface Sabotaged {
  readonly object: (name: string) => TestObject;
  readonly damage: object | (() => object);
  readonly isSound: (copy: TestObject) => boolean;
}

const KINDS: readonly Sabotaged[] = [
  {
    object: (name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: meta(name), data: { password: 'b3Blbg==' } }),
    damage: { data: { password: 'c2hvcA==' } },
    isSound: ({ data }) => data.password === 'b3Blbg==',
  },
  {
    object: (name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(name), data: { colour: 'green' } }),
    damage: { data: { colour: 'red', more: 'yes' } },
    isSound: ({ data }) => data.colour === 'green' && data.more === undefined,
  },
  {
    object: (name) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta(name),
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    }),
    damage: { spec: { selector: { app: 'another' } } },
    isSound: ({ spec }) => spec.selector.app === undefined && spec.selector[hostLabelKey('app', pair().name)] === 'web',
  },
  {
    object: (name) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: meta(name),
      spec: { defaultBackend: { service: { name: 'service-kept', port: { number: 80 } } } },
    }),
    damage: { spec: { defaultBackend: { service: { name: 'elsewhere' } } } },
    isSound: ({ spec }) => spec.defaultBackend.service.name === hostName('service-kept', NAMESPACE, pair().name),
  },
  {
    object: (name) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: meta(name),
      spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    }),
    damage: () => ({ metadata: { labels: { [hostLabelKey('app', pair().name)]: 'another' } } }),
    isSound: ({ metadata }) => metadata.labels?.[hostLabelKey('app', pair().name)] === 'web',
  },
];

const nameOf = ({ object }: Sabotaged, what: string): string => `${object('').kind?.toLowerCase()}-${what}`;
const copyOf = (object: TestObject): ObjectRef => ({
  ...object,
  metadata: { name: hostName(object.metadata.name ?? '', NAMESPACE, pair().name), namespace: pair().namespace },
});
const damageTo = ({ damage }: Sabotaged): object => (typeof damage === 'function' ? damage() : damage);

describe('a host that was damaged while no watch told of it', () => {
  it('is put right by the patrol, and by nothing before', async () => {
    const { virtual, host, syncer } = pair();
    const damaged = KINDS.map((kind) => ({ kind, ref: copyOf(kind.object(nameOf(kind, 'damaged'))) }));
    const removed = KINDS.map((kind) => ({ kind, ref: copyOf(kind.object(nameOf(kind, 'removed'))) }));
    for (const kind of KINDS)
      for (const what of ['damaged', 'removed', 'kept']) {
        const object = await virtual.create(kind.object(nameOf(kind, what)));
        await host.until(copyOf(object), 'to be copied', kind.isSound);
      }
    expect(await syncer.patrol()).toEqual(NOTHING_FOUND);

    await pair().blind(true);
    for (const { kind, ref } of damaged) await host.patch(ref, damageTo(kind));
    for (const { ref } of removed) await host.delete(ref);
    // An API server tells its watches a little later than it answers: what comes after the blindness would be seen.
    const kept = ({ ref }: { readonly ref: ObjectRef }, event: string) =>
      eventually(async () => pair().kept().has(`${event} ${ref.kind} ${ref.metadata.name}`), {
        what: `${event} of ${ref.metadata.name} to be kept back`,
      });
    for (const one of damaged) await kept(one, 'MODIFIED');
    for (const one of removed) await kept(one, 'DELETED');
    await pair().blind(false);
    // What the watches tell from now on passes: the syncer follows the host again, and still knows nothing.
    for (const kind of KINDS) {
      const later = await virtual.create(kind.object(nameOf(kind, 'later')));
      await host.until(copyOf(later), 'to be copied', kind.isSound);
    }
    for (const { kind, ref } of damaged) expect(kind.isSound(await found(ref))).toBe(false);
    for (const { ref } of removed) expect(await host.get(ref)).toBeUndefined();

    const { missed } = await syncer.patrol();
    for (const { kind, ref } of [...damaged, ...removed]) await host.until(ref, 'to be put right', kind.isSound);
    expect(missed).toMatchObject(
      Object.fromEntries(KINDS.map(({ object }) => [`host ${resourceOf(object('')).plural}`, 2])),
    );
    // Nothing is left for another one.
    expect(await syncer.patrol()).toMatchObject({ repairs: {}, missed });
  });
});

async function found(ref: ObjectRef): Promise<TestObject> {
  const object = await pair().host.get(ref);
  if (object === undefined) throw new Error(`${ref.metadata.name} is gone`);
  return object;
}
