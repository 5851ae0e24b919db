import type { ClusterZone } from '../../../syncer/dns/cluster-records';
import { type ClusterView, clusterView } from '../../../syncer/dns/cluster-view';
import { type DnsSlice, dnsSlice, SLICE_INDEXES } from '../../../syncer/dns/slices';
import { RESOURCES } from '../../../syncer/kube/resources';
import { ObjectStore } from '../../../syncer/kube/store';
import type { Cache, CacheChange, KubeObject, Resource } from '../../../syncer/kube/types';
import type { EndpointSlice, Service } from '../../../syncer/services/types';

/** A cache that a test fills itself. */
export interface FilledCache<T extends KubeObject> extends Cache<T> {
  synced: boolean;
  put(...objects: readonly T[]): void;
  remove(object: T): void;
}

/** A cache over the store that reflectors use. */
export function filledCache<T extends KubeObject>(
  resource: Resource,
  indexers: { readonly [index: string]: (object: T) => readonly string[] } = {},
): FilledCache<T> {
  const store = new ObjectStore<T>(indexers);
  const listeners = new Set<(change: CacheChange<T>) => void>();
  const publish = (changes: readonly CacheChange<T>[]) => {
    for (const change of changes) for (const listener of listeners) listener(change);
  };
  return {
    resource,
    synced: true,
    served: true,
    resourceVersion: '1',
    get: (key) => store.get(key),
    list: () => store.list(),
    byIndex: (index, value) => store.byIndex(index, value),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waitForSync: async () => undefined,
    put: (...objects) => {
      for (const object of objects) publish(store.put(object));
    },
    remove: (object) => publish(store.remove(object)),
  };
}

/** A Service. */
export const service = (name: string, namespace: string, spec: Service['spec']): Service => ({
  metadata: { name, namespace, uid: `${namespace}-${name}` },
  ...(spec && { spec }),
});

/** A slice as Kubernetes' controller writes it. */
export const slice = (
  of: string,
  namespace: string,
  rest: Partial<EndpointSlice>,
  headless = false,
): EndpointSlice => ({
  metadata: {
    name: `${of}-abcde`,
    namespace,
    uid: `slice-${namespace}-${of}`,
    labels: {
      'kubernetes.io/service-name': of,
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      ...(headless && { 'service.kubernetes.io/headless': '' }),
    },
  },
  addressType: 'IPv4',
  endpoints: [],
  ...rest,
});

/** A cluster that a test furnishes. */
export interface TestCluster {
  readonly services: FilledCache<Service>;
  readonly slices: FilledCache<DnsSlice>;
  readonly namespaces: FilledCache<KubeObject>;
  readonly view: ClusterView;
  readonly zone: ClusterZone;
}

/** A cluster with some Services of each type. */
export function furnishedCluster(domain = 'cluster.local'): TestCluster {
  const services = filledCache<Service>(RESOURCES.services);
  const slices = filledCache<DnsSlice>(RESOURCES.endpointSlices, SLICE_INDEXES);
  const namespaces = filledCache<KubeObject>(RESOURCES.namespaces);
  const view = clusterView({ services, slices, namespaces });
  for (const name of ['default', 'kube-system', 'shop', 'empty']) namespaces.put({ metadata: { name, uid: name } });
  services.put(
    service('kube-dns', 'kube-system', { clusterIP: '10.96.0.53', clusterIPs: ['10.96.0.53'], ports: [{ port: 53 }] }),
    service('web', 'shop', {
      clusterIP: '10.96.1.1',
      clusterIPs: ['10.96.1.1', 'fd00:10:96::1'],
      ports: [
        { name: 'http', port: 80, protocol: 'TCP' },
        { name: 'quic', port: 443, protocol: 'UDP' },
        { port: 9000 },
      ],
    }),
    service('db', 'shop', { clusterIP: 'None', clusterIPs: ['None'], ports: [{ name: 'sql', port: 5432 }] }),
    service('idle', 'shop', { clusterIP: 'None', ports: [{ name: 'sql', port: 5432 }] }),
    service('away', 'shop', { type: 'ExternalName', externalName: 'Web.Example.com.' }),
    service('mirror', 'shop', { type: 'ExternalName', externalName: 'web.shop.svc.cluster.local' }),
    service('circle', 'shop', { type: 'ExternalName', externalName: 'circle.shop.svc.cluster.local' }),
  );
  slices.put(
    dnsSlice(
      slice(
        'db',
        'shop',
        {
          endpoints: [
            { addresses: ['10.0.0.1'], hostname: 'db-0', conditions: { ready: true } },
            { addresses: ['10.0.0.2'], hostname: 'db-1', conditions: {} },
            { addresses: ['10.0.0.3'], hostname: 'db-2', conditions: { ready: false } },
            { addresses: ['10.0.0.4'] },
          ],
          ports: [{ name: 'sql', port: 5433, protocol: 'TCP' }],
        },
        true,
      ),
    ),
    dnsSlice(
      slice('web', 'shop', {
        endpoints: [{ addresses: ['10.0.1.1'], hostname: 'canary' }, { addresses: ['10.0.1.2'] }],
      }),
    ),
  );
  return { services, slices, namespaces, view, zone: { domain, view } };
}
