import { eventually } from '../support/eventually';
import { untilTold, untouched } from './contract/expectation';
import { LOOK_EVERY_MS, type ObjectRef, type TestApi, type TestObject, TIMEOUT_MS } from './support/api';
import { usePair } from './support/use-pair';

/** A host namespace that other teams use too. */
const SHARED = 'mapping-shared';

const pair = usePair({
  spec: {
    // The addresses that these Services have are made up.
    isolation: { network: { enforce: false } },
    serviceMappings: {
      toHost: [
        { virtual: { namespace: 'default', name: 'web' }, host: { name: 'shop' } },
        { virtual: { namespace: 'default', name: 'headless' }, host: { namespace: SHARED, name: 'peers' } },
        { virtual: { namespace: 'default', name: 'taken' }, host: { namespace: SHARED, name: 'somebody-elses' } },
      ],
      fromHost: [
        { virtual: { namespace: 'data', name: 'db' }, host: { namespace: SHARED, name: 'postgres' } },
        { virtual: { namespace: 'data', name: 'cache' }, host: { name: 'redis' } },
        { virtual: { namespace: 'data', name: 'alias' }, host: { namespace: SHARED, name: 'alias' } },
        { virtual: { namespace: 'default', name: 'own' }, host: { namespace: SHARED, name: 'own' } },
      ],
    },
  },
  hostObjects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHARED } }],
});

const service = (name: string, namespace: string, spec: object): TestObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec,
});
const ref = (name: string, namespace: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
});
/** Addresses by hand, for Services without a selector. */
const slice = (name: string, namespace: string, of: string, addresses: readonly string[]): TestObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace, labels: { 'kubernetes.io/service-name': of } },
  addressType: 'IPv4',
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  ports: [{ port: 8080, protocol: 'TCP' }],
});
const SLICES = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
};

/** The addresses behind a Service, sorted. */
async function addressesOf(api: TestApi, name: string, namespace: string): Promise<readonly string[]> {
  const slices = await api.list(SLICES, namespace);
  return slices
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap(({ endpoints }) => (endpoints ?? []).flatMap((endpoint: TestObject) => endpoint.addresses))
    .sort();
}

async function untilAddresses(api: TestApi, name: string, namespace: string, expected: readonly string[]) {
  await api.until(ref(name, namespace), `to lead to ${expected}`, () => true);
  const equal = async (): Promise<boolean> => {
    expect(await addressesOf(api, name, namespace)).toEqual(expected);
    return true;
  };
  await eventually(equal, {
    what: `the addresses of ${name}`,
    everyMs: LOOK_EVERY_MS,
    timeoutMs: TIMEOUT_MS,
  });
}

describe('a Service of the virtual cluster that the host knows by name', () => {
  it('is there with its ports and addresses, and follows both', async () => {
    const web = await pair().virtual.create(
      service('web', 'default', { type: 'LoadBalancer', ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
    );
    await pair().virtual.create(slice('web-1', 'default', 'web', ['10.9.0.1', '10.9.0.2']));
    const shop = await pair().host.until(ref('shop', pair().namespace), 'to be made', () => true);
    expect(shop.spec).toMatchObject({ type: 'ClusterIP', ports: [{ name: 'http', port: 80 }] });
    expect(shop.spec.selector).toBeUndefined();
    await untilAddresses(pair().host, 'shop', pair().namespace, ['10.9.0.1', '10.9.0.2']);

    await pair().virtual.patch(slice('web-1', 'default', 'web', []), slice('web-1', 'default', 'web', ['10.9.0.3']));
    await untilAddresses(pair().host, 'shop', pair().namespace, ['10.9.0.3']);
    await pair().virtual.patch(web, { spec: { type: 'ClusterIP', ports: [{ name: 'http', port: 81 }] } });
    await pair().host.until(shop, 'to follow', ({ spec }) => spec.ports[0].port === 81);
  });

  it('is put back when somebody changes or deletes it', async () => {
    const shop = await pair().host.until(ref('shop', pair().namespace), 'to be there', () => true);
    await pair().host.patch(shop, { spec: { ports: [{ name: 'http', port: 99 }] } });
    await pair().host.until(shop, 'to be put back', ({ spec }) => spec.ports[0].port === 81);
    await pair().host.delete(shop);
    await pair().host.until(shop, 'to be made anew', ({ metadata }) => metadata.uid !== shop.metadata.uid);
    await untilAddresses(pair().host, 'shop', pair().namespace, ['10.9.0.3']);
  });

  it('may be headless, and lie in another namespace of the host', async () => {
    await pair().virtual.create(service('headless', 'default', { clusterIP: 'None', ports: [{ port: 80 }] }));
    await pair().virtual.create(slice('headless-1', 'default', 'headless', ['10.9.1.1']));
    const peers = await pair().host.until(ref('peers', SHARED), 'to be made', () => true);
    expect(peers.spec.clusterIP).toBe('None');
    await untilAddresses(pair().host, 'peers', SHARED, ['10.9.1.1']);
  });

  it('goes with it, also while the syncer is down', async () => {
    await pair().syncer.kill();
    await pair().virtual.delete(ref('headless', 'default'));
    await pair().syncer.start();
    await pair().host.untilGone(ref('peers', SHARED));
    await pair().virtual.delete(ref('web', 'default'));
    await pair().host.untilGone(ref('shop', pair().namespace));
  });

  it('takes no name that somebody else has, and says so', async () => {
    const theirs = await pair().host.create(service('somebody-elses', SHARED, { ports: [{ port: 1 }] }));
    const taken = await pair().virtual.create(service('taken', 'default', { ports: [{ port: 80 }] }));
    await untilTold(pair(), taken, 'NameTaken');
    expect(untouched(await pair().host.get(theirs))).toEqual(untouched(theirs));
  });

  it('is none while it is but a name of DNS', async () => {
    const web = await pair().virtual.create(
      service('web', 'default', { type: 'ExternalName', externalName: 'internal.example.com' }),
    );
    await untilTold(pair(), web, 'NotMapped');
    expect(await pair().host.get(ref('shop', pair().namespace))).toBeUndefined();
  });
});

describe('a Service of the host that the virtual cluster knows by name', () => {
  it('is there with its ports and addresses, and follows both', async () => {
    const postgres = await pair().host.create(service('postgres', SHARED, { ports: [{ name: 'pg', port: 5432 }] }));
    await pair().host.create(slice('postgres-1', SHARED, 'postgres', ['10.8.0.1']));
    const db = await pair().virtual.until(ref('db', 'data'), 'to be made', () => true);
    expect(db.spec).toMatchObject({ type: 'ClusterIP', ports: [{ name: 'pg', port: 5432 }] });
    await untilAddresses(pair().virtual, 'db', 'data', ['10.8.0.1']);
    // Tenants reach it at the address that it has on both sides.
    const copy = ref(`db-x-data-x-${pair().name}`, pair().namespace);
    await pair().host.until(copy, 'to have the same address', ({ spec }) => spec.clusterIP === db.spec.clusterIP);
    await untilAddresses(pair().host, `db-x-data-x-${pair().name}`, pair().namespace, ['10.8.0.1']);

    const more = slice('postgres-2', SHARED, 'postgres', ['10.8.0.2']);
    await pair().host.create(more);
    await untilAddresses(pair().virtual, 'db', 'data', ['10.8.0.1', '10.8.0.2']);
    await pair().host.delete(more);
    await untilAddresses(pair().virtual, 'db', 'data', ['10.8.0.1']);
    await pair().host.patch(postgres, { spec: { ports: [{ name: 'pg', port: 5433 }] } });
    await pair().virtual.until(db, 'to follow', ({ spec }) => spec.ports[0].port === 5433);
  });

  it('is put back when the tenant changes or deletes it', async () => {
    const db = await pair().virtual.until(ref('db', 'data'), 'to be there', () => true);
    await pair().virtual.patch(db, { spec: { ports: [{ name: 'pg', port: 99 }], selector: { app: 'mine' } } });
    await pair().virtual.until(db, 'to be put back', ({ spec }) => spec.ports[0].port === 5433 && !spec.selector);
    await pair().virtual.delete(db);
    await pair().virtual.until(db, 'to be made anew', ({ metadata }) => metadata.uid !== db.metadata.uid);
    await untilAddresses(pair().virtual, 'db', 'data', ['10.8.0.1']);
  });

  it('may lie in the namespace of the cluster itself', async () => {
    const redis = await pair().host.create(service('redis', pair().namespace, { ports: [{ port: 6379 }] }));
    await pair().virtual.until(ref('cache', 'data'), 'to be made', () => true);
    await pair().host.delete(redis);
    await pair().virtual.untilGone(ref('cache', 'data'));
  });

  it('stays a name of DNS where it is one', async () => {
    await pair().host.create(service('alias', SHARED, { type: 'ExternalName', externalName: 'db.example.com' }));
    const alias = await pair().virtual.until(ref('alias', 'data'), 'to be made', () => true);
    expect(alias.spec).toMatchObject({ type: 'ExternalName', externalName: 'db.example.com' });
  });

  it('leaves alone what the tenant has under its name, and says so', async () => {
    const own = await pair().virtual.create(service('own', 'default', { ports: [{ port: 7 }] }));
    await pair().host.create(service('own', SHARED, { ports: [{ port: 8 }] }));
    await untilTold(pair(), own, 'NameTaken');
    expect((await pair().virtual.get(own))?.spec.ports[0].port).toBe(7);
  });

  it('goes when it is deleted on the host while the syncer is down', async () => {
    await pair().syncer.kill();
    await pair().host.delete(ref('postgres', SHARED));
    await pair().syncer.start();
    await pair().virtual.untilGone(ref('db', 'data'));
    await pair().host.untilGone(ref(`db-x-data-x-${pair().name}`, pair().namespace));
  });
});
