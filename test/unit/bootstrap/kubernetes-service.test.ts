import { decideKubernetesService, ensureKubernetesService } from '../../../syncer/bootstrap';
import { failure } from '../kube/support/loopback';
import { ObjectApi } from './support/object-api';

const SERVICES = '/api/v1/namespaces/default/services';
const SERVICE = `${SERVICES}/kubernetes`;
const ports = [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 8443 }];
const serviceAt = (clusterIP: string, rest: object = {}) => ({
  metadata: { name: 'kubernetes', namespace: 'default', uid: 'old' },
  spec: { type: 'ClusterIP', clusterIP, ports, ...rest },
});

describe('default/kubernetes', () => {
  it.each([
    ['is made where there is none', undefined, 'create'],
    ['stays where it has the right address', serviceAt('10.96.7.7'), 'keep'],
    ['is recreated where it has the host’s', serviceAt('10.96.0.1'), 'recreate'],
    ['gets its ports back', serviceAt('10.96.7.7', { ports: [] }), 'patch'],
    ['gets its target port back', serviceAt('10.96.7.7', { ports: [{ ...ports[0], targetPort: 6443 }] }), 'patch'],
    ['gets its type back', serviceAt('10.96.7.7', { type: 'NodePort' }), 'patch'],
  ])('%s', (_, current, kind) => {
    expect(decideKubernetesService(current, '10.96.7.7').kind).toBe(kind);
  });

  it('moves to the address of the control plane’s Service', async () => {
    await using api = await ObjectApi.start();
    api.put(SERVICE, serviceAt('10.96.0.1'));
    await ensureKubernetesService(api.client, '10.96.7.7');
    expect(api.objects.get(SERVICE)).toMatchObject({ spec: { clusterIP: '10.96.7.7', ports } });
    expect(await ensureKubernetesService(api.client, '10.96.7.7')).toEqual([]);
    expect(api.writes).toEqual([`DELETE ${SERVICE}`, `POST ${SERVICES}`]);
  });

  it('is moved again when the API server makes it anew in between', async () => {
    await using api = await ObjectApi.start();
    api.put(SERVICE, serviceAt('10.96.0.1'));
    let overtaken = false;
    api.intercept = ({ method }) => {
      if (method === 'POST' && !overtaken) {
        overtaken = true;
        api.put(SERVICE, serviceAt('10.96.0.1'));
      }
      return undefined;
    };
    await ensureKubernetesService(api.client, '10.96.7.7');
    expect(api.objects.get(SERVICE)).toMatchObject({ spec: { clusterIP: '10.96.7.7' } });
  });

  it('is left to a later attempt when its address is somebody else’s for now', async () => {
    await using api = await ObjectApi.start();
    const taken = failure(422, 'Invalid', { message: 'provided IP is already allocated' });
    api.intercept = ({ method }) => (method === 'POST' ? { status: 422, body: taken } : undefined);
    await expect(ensureKubernetesService(api.client, '10.96.7.7')).rejects.toMatchObject({ status: 422 });
  });

  it('is given up when somebody changes it all the time', async () => {
    await using api = await ObjectApi.start();
    api.intercept = ({ method }) =>
      method === 'POST' ? { status: 409, body: failure(409, 'AlreadyExists') } : undefined;
    await expect(ensureKubernetesService(api.client, '10.96.7.7')).rejects.toMatchObject({ code: 'API_CONFLICT' });
  });
});
