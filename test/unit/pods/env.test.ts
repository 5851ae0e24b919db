import type { ServiceForEnv } from '../../../syncer/pods';
import { containerEnv } from '../../../syncer/pods/env';
import { podContext, translated, virtualPod } from './fixtures';

const web: ServiceForEnv = {
  name: 'my-web',
  namespace: 'default',
  clusterIP: '10.96.1.2',
  ports: [
    { name: 'http', port: 80 },
    { name: 'dns-udp', port: 53, protocol: 'UDP' },
  ],
};

const api = {
  KUBERNETES_PORT: 'tcp://10.96.7.7:443',
  KUBERNETES_PORT_443_TCP: 'tcp://10.96.7.7:443',
  KUBERNETES_PORT_443_TCP_ADDR: '10.96.7.7',
  KUBERNETES_PORT_443_TCP_PORT: '443',
  KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
  KUBERNETES_SERVICE_HOST: '10.96.7.7',
  KUBERNETES_SERVICE_PORT: '443',
  KUBERNETES_SERVICE_PORT_HTTPS: '443',
};

const links = {
  MY_WEB_PORT: 'tcp://10.96.1.2:80',
  MY_WEB_PORT_53_UDP: 'udp://10.96.1.2:53',
  MY_WEB_PORT_53_UDP_ADDR: '10.96.1.2',
  MY_WEB_PORT_53_UDP_PORT: '53',
  MY_WEB_PORT_53_UDP_PROTO: 'udp',
  MY_WEB_PORT_80_TCP: 'tcp://10.96.1.2:80',
  MY_WEB_PORT_80_TCP_ADDR: '10.96.1.2',
  MY_WEB_PORT_80_TCP_PORT: '80',
  MY_WEB_PORT_80_TCP_PROTO: 'tcp',
  MY_WEB_SERVICE_HOST: '10.96.1.2',
  MY_WEB_SERVICE_PORT: '80',
  MY_WEB_SERVICE_PORT_DNS_UDP: '53',
  MY_WEB_SERVICE_PORT_HTTP: '80',
};

describe('service variables of a container', () => {
  const envOf = (enableServiceLinks: boolean | undefined, services: readonly ServiceForEnv[]) => {
    const spec = enableServiceLinks === undefined ? {} : { enableServiceLinks };
    const host = translated(virtualPod({ spec }), podContext({ services }));
    expect(host.spec.enableServiceLinks).toBe(false);
    return Object.fromEntries(host.spec.containers[0]?.env?.map(({ name, value }) => [name, value]) ?? []);
  };

  it.each<[string, boolean | undefined, readonly ServiceForEnv[], object]>([
    ['the API without Services', undefined, [], api],
    ['the API and the Services of the namespace', undefined, [web], { ...api, ...links }],
    ['the API alone with enableServiceLinks off', false, [web], api],
    ['nothing of headless Services', true, [{ ...web, clusterIP: 'None' }], api],
    ['nothing of Services without an address', true, [{ ...web, clusterIP: undefined }], api],
    ['nothing of other namespaces', true, [{ ...web, namespace: 'other' }], api],
    [
      'the API at its host address, whatever default/kubernetes says',
      true,
      [{ name: 'kubernetes', namespace: 'default', clusterIP: '10.96.0.1', ports: [{ port: 443 }] }],
      api,
    ],
  ])('tell of %s', (_what, links, services, expected) => {
    expect(envOf(links, services)).toEqual(expected);
  });

  it('write IPv6 addresses in brackets', () => {
    expect(envOf(true, [{ ...web, clusterIP: 'fd00::1' }])).toMatchObject({ MY_WEB_PORT: 'tcp://[fd00::1]:80' });
  });

  it.each([
    ['come before the own ones', [{ name: 'A', value: '$(S)' }], ['S', 'A']],
    ['give way to an own one of the name', [{ name: 'S', value: 'x' }], ['S']],
    [
      'stay for an earlier one that refers to them',
      [
        { name: 'A', value: '$(S)' },
        { name: 'S', value: 'x' },
      ],
      ['S', 'A', 'S'],
    ],
    ['stay for an own one that extends them', [{ name: 'S', value: '$(S)/x' }], ['S', 'S']],
  ])('%s', (_what, own, expected) => {
    expect(containerEnv(own, [{ name: 'S', value: 'service' }]).map(({ name }) => name)).toEqual(expected);
  });
});
