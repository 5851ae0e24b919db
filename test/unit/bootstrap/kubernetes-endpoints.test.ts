import { ensureKubernetesEndpoints } from '../../../syncer/bootstrap';
import { kubernetesEndpoints } from '../../../syncer/bootstrap/kubernetes-endpoints';
import { ObjectApi } from './support/object-api';

const ENDPOINTS = '/api/v1/namespaces/default/endpoints';
const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';

describe('the endpoints of default/kubernetes', () => {
  it('are those of the control plane’s pods, in either form', () => {
    const { endpoints, slice } = kubernetesEndpoints(['10.85.0.9', '10.85.0.10']);
    const port = { name: 'https', port: 8443, protocol: 'TCP' };
    expect(endpoints.subsets).toEqual([{ addresses: [{ ip: '10.85.0.10' }, { ip: '10.85.0.9' }], ports: [port] }]);
    expect(slice).toMatchObject({
      metadata: { labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.85.0.10'] }, { addresses: ['10.85.0.9'] }],
      ports: [port],
    });
  });

  it('have the family of their addresses', () => {
    expect(kubernetesEndpoints(['fd00::9']).slice.addressType).toBe('IPv6');
  });

  it('follow the pod, and are written only then', async () => {
    await using api = await ObjectApi.start();
    await ensureKubernetesEndpoints(api.client, ['10.85.0.9']);
    await ensureKubernetesEndpoints(api.client, ['10.85.0.9']);
    await ensureKubernetesEndpoints(api.client, ['10.85.0.12']);
    expect(api.writes).toEqual([
      `POST ${ENDPOINTS}`,
      `POST ${SLICES}`,
      `PUT ${ENDPOINTS}/kubernetes`,
      `PUT ${SLICES}/kubernetes`,
    ]);
  });
});
