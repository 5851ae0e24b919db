import { findServiceCidr, rangeInRefusal } from '../../../../syncer/bootstrap/discovery/service-cidr';
import { failure } from '../../kube/support/loopback';
import { forbidden, ObjectApi, type SeenRequest } from '../support/object-api';

const LIST = '/apis/networking.k8s.io/v1/servicecidrs';
const SERVICES = '/api/v1/namespaces/ns/services';

/** The words of kube-apiserver 1.37. */
const outOf = (range: string) => ({
  status: 422,
  body: failure(422, 'Invalid', {
    message: `Service "x" is invalid: spec.clusterIPs: Invalid value: ["192.0.2.1"]: failed to allocate IP 192.0.2.1: the provided IP (192.0.2.1) is not in the valid range. The range of valid IPs is ${range}`,
  }),
});
const notConfigured = {
  status: 422,
  body: failure(422, 'Invalid', {
    message: 'Service "x" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
  }),
};
const unreadable = { status: 403, body: forbidden('list', 'servicecidrs') };
const familyOf = ({ body }: SeenRequest) => (JSON.stringify(body.spec).includes('IPv6') ? 'IPv6' : 'IPv4');

/** A host whose ServiceCIDR objects can't be read and that answers to a probe as given. */
async function host(answer: (family: 'IPv4' | 'IPv6', probe: number) => { status: number; body: object } | undefined) {
  const api = await ObjectApi.start();
  let probes = 0;
  api.intercept = (request) => {
    if (request.path === LIST) return unreadable;
    probes += 1;
    return answer(familyOf(request), probes);
  };
  return api;
}

const find = ({ client }: ObjectApi, knownIp = '10.96.7.7') => findServiceCidr({ client, namespace: 'ns', knownIp });

describe('the host’s service CIDR', () => {
  it('is what a refused dry run names, and nothing is created for it', async () => {
    await using api = await host((family) => (family === 'IPv4' ? outOf('10.96.0.0/16') : notConfigured));
    expect(await find(api)).toBe('10.96.0.0/16');
    expect(
      api.requests.filter(({ path }) => path === SERVICES).every(({ query }) => query.get('dryRun') === 'All'),
    ).toBe(true);
    expect(api.objects.size).toBe(0);
  });

  it('has a range of each family, that of the control plane’s Service first', async () => {
    await using api = await host((family) => outOf(family === 'IPv4' ? '10.96.0.0/16' : 'fd00:96::/108'));
    expect(await find(api)).toBe('10.96.0.0/16,fd00:96::/108');
    expect(await find(api, 'fd00:96::7')).toBe('fd00:96::/108,10.96.0.0/16');
  });

  it('is the range that holds a known address, where the host names any of several', async () => {
    await using api = await host((family, probe) =>
      family === 'IPv6' ? notConfigured : outOf(probe < 3 ? '172.30.0.0/20' : '10.96.0.0/16'),
    );
    expect(await find(api)).toBe('10.96.0.0/16');
  });

  it('is asked for with another address when the first one is the host’s own', async () => {
    await using api = await host((family, probe) =>
      family === 'IPv6' ? notConfigured : probe === 1 ? undefined : outOf('0.0.0.0/1'),
    );
    expect(await find(api)).toBe('0.0.0.0/1');
  });

  it('is read from ServiceCIDR objects where that is allowed', async () => {
    await using api = await ObjectApi.start();
    const items = [['172.30.0.0/20'], ['10.96.0.0/16', 'fd00:96::/108']].map((cidrs) => ({
      metadata: {},
      spec: { cidrs },
    }));
    api.intercept = () => ({ status: 200, body: { metadata: { resourceVersion: '1' }, items } });
    expect(await find(api)).toBe('10.96.0.0/16,fd00:96::/108');
    expect(api.writes).toEqual([]);
  });

  it.each([
    ['lacks the right', { status: 403, body: forbidden('create', 'services') }, 'HOST_RIGHTS'],
    [
      'meets a quota',
      { status: 403, body: failure(403, 'Forbidden', { message: 'exceeded quota: q' }) },
      'API_FORBIDDEN',
    ],
    ['gets no range', { status: 422, body: failure(422, 'Invalid', { message: 'no' }) }, 'HOST_SETUP'],
    ['meets a broken host', { status: 500, body: failure(500, 'InternalError') }, 'API_ERROR'],
  ])('is an error of its own kind for somebody who %s', async (_, answer, code) => {
    await using api = await host(() => answer);
    await expect(find(api)).rejects.toMatchObject({ code });
  });

  it('is not guessed from other refusals', () => {
    expect(rangeInRefusal('provided IP is already allocated')).toBeUndefined();
  });
});
