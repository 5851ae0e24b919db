import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import { serviceHost } from '../../../syncer/services/service-host';
import type { Service } from '../../../syncer/services/types';
import { MemoryApi } from '../engine/memory-api';
import { apiError } from '../engine/memory-rules';

const service: Service = { metadata: { name: 'web-x-shop-x-a', namespace: 'host' }, spec: { clusterIP: '10.96.0.7' } };

function host() {
  const api = new MemoryApi('host');
  return { api, services: serviceHost(new Side(api.cache<Service>(RESOURCES.services), api)) };
}

const refuseAddress = () => {
  const message = 'is invalid: spec.clusterIPs: failed to allocate IP 10.96.0.7: provided IP is already allocated';
  throw apiError('POST', RESOURCES.services, 'web-x-shop-x-a', 422, 'Invalid', message);
};

describe('the creation of a host Service in admission', () => {
  it('finds the Service that is there, also where the host complains about its address before its name', async () => {
    const { api, services } = host();
    const existing = api.put(RESOURCES.services, service);
    expect(await services.create(service)).toMatchObject({ kind: 'exists', service: existing });
    api.refuse = (request) => (request.startsWith('POST') ? refuseAddress() : undefined);
    expect(await services.create(service)).toMatchObject({ kind: 'exists', service: existing });
  });

  it('is refused when another Service has the address', async () => {
    const { api, services } = host();
    api.refuse = (request) => (request.startsWith('POST') ? refuseAddress() : undefined);
    expect(await services.create(service)).toMatchObject({ kind: 'refused', status: 422 });
  });
});
