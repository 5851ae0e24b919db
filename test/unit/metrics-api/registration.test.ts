import { RESOURCES } from '../../../syncer/kube/resources';
import { ensureMetricsApi, metricsManifests } from '../../../syncer/metrics-api/registration';
import { MemoryApi } from '../engine/memory-api';

const { apiServices, services } = RESOURCES;
const NAME = 'v1beta1.metrics.k8s.io';
const CA = '-----BEGIN CERTIFICATE-----';

/** A virtual API server that applies objects as they come. */
function api() {
  const virtual = new MemoryApi('virtual');
  for (const resource of [services, apiServices, RESOURCES.clusterRoles]) virtual.cache(resource);
  return virtual;
}

describe('the metrics API', () => {
  it('leads to a Service that only the syncer knows the end of', () => {
    const [service, , registration] = metricsManifests(CA).map(({ object }) => object);
    expect(service).toMatchObject({ spec: { type: 'ExternalName', externalName: 'metrics.sublet.internal' } });
    expect(registration).toMatchObject({
      metadata: { name: NAME },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { name: 'sublet-metrics', namespace: 'kube-system' },
      },
    });
  });

  it('is not fought for when the tenant has registered another', async () => {
    const virtual = api();
    virtual.put(apiServices, { metadata: { name: NAME }, ...{ spec: { service: { name: 'metrics-server' } } } });
    expect(await ensureMetricsApi(virtual, CA, true)).toEqual([]);
    expect(await ensureMetricsApi(virtual, CA, false)).toEqual([]);
    expect(virtual.writes).toEqual([]);
  });

  it('is not there where the host has none', async () => {
    const virtual = api();
    expect(await ensureMetricsApi(virtual, CA, false)).toEqual([]);
    expect(virtual.writes).toEqual([]);
  });
});
