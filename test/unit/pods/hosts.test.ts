import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PodSpec, toHostPod } from '../../../syncer/pods';
import { HOSTS_ENV, runHostsCommand } from '../../../syncer/pods/hosts-command';
import { podContext, translated, virtualPod } from './fixtures';

const full = { hostname: 'web-0', subdomain: 'web' };
const limited = (amounts: { [name: string]: string }) => [
  { name: 'main', resources: { limits: amounts, requests: amounts } },
];

describe('the name of a pod on the host', () => {
  it.each<[string, string, Partial<PodSpec>, Partial<PodSpec>]>([
    ['is that of the virtual pod', 'nginx', {}, { hostname: 'nginx' }],
    ['is what the tenant says', 'nginx', { hostname: 'web' }, { hostname: 'web' }],
    ['is cut where a kubelet cuts it', `${'a'.repeat(62)}-b`, {}, { hostname: 'a'.repeat(62) }],
    ['has dashes for dots', 'a.b.c', {}, { hostname: 'a-b-c' }],
    [
      'is the full one if asked for',
      'p',
      { ...full, setHostnameAsFQDN: true },
      { hostname: 'web-0', hostnameOverride: 'web-0.web.default.svc.cluster.local' },
    ],
    ['is the short one if it has no domain', 'p', { setHostnameAsFQDN: true }, { hostname: 'p' }],
    ['is an override of the tenant', 'p', { hostnameOverride: 'a.b' }, { hostname: 'p', hostnameOverride: 'a.b' }],
    ["is the node's on its network", 'p', { hostNetwork: true }, {}],
  ])('%s', (_what, name, spec, expected) => {
    const host = translated(virtualPod({ metadata: { name }, spec })).spec;
    const { hostname, hostnameOverride, subdomain, setHostnameAsFQDN } = host;
    const found = { hostname, hostnameOverride, subdomain, setHostnameAsFQDN };
    expect(JSON.parse(JSON.stringify(found))).toEqual(expected);
  });

  it('is refused when the full one is too long for a host name', () => {
    const spec = { ...full, subdomain: 's'.repeat(60), setHostnameAsFQDN: true };
    expect(toHostPod(virtualPod({ spec }), podContext())).toMatchObject({
      kind: 'refused',
      field: 'spec.setHostnameAsFQDN',
    });
  });
});

describe('the hosts file of a pod with a subdomain', () => {
  const withSubdomain = (spec: Partial<PodSpec> = {}) => translated(virtualPod({ spec: { ...full, ...spec } })).spec;

  it('is written by a helper that runs first, without any privilege', () => {
    const [helper, second] = withSubdomain({ initContainers: [{ name: 'setup' }] }).initContainers ?? [];
    expect(second?.name).toBe('setup');
    expect(helper).toMatchObject({ name: 'sublet-hosts', image: 'ghcr.io/sublet/syncer:0.1.0', args: ['hosts'] });
    expect(helper?.securityContext).toMatchObject({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('is shown to every container that brings none of its own, and not to ephemeral ones', () => {
    const own = { name: 'own', mountPath: '/etc/hosts' };
    const spec = withSubdomain({
      containers: [{ name: 'main' }, { name: 'own', volumeMounts: [own] }],
      initContainers: [{ name: 'setup' }],
      ephemeralContainers: [{ name: 'debug' }],
    });
    const mount = { name: 'sublet-hosts', mountPath: '/etc/hosts', subPath: 'hosts' };
    expect(spec.containers.map(({ volumeMounts }) => volumeMounts)).toEqual([[mount], [own]]);
    expect(spec.initContainers?.[1]?.volumeMounts).toEqual([mount]);
    expect(spec.ephemeralContainers?.[0]?.volumeMounts).toBeUndefined();
    expect(spec.volumes).toEqual([{ name: 'sublet-hosts', emptyDir: {} }]);
  });

  it.each<[string, Partial<PodSpec>, object | undefined]>([
    ['uses nothing of a pod without resources', {}, undefined],
    [
      'keeps a guaranteed pod guaranteed',
      { containers: limited({ cpu: '1', memory: '1Gi' }) },
      { requests: { cpu: '100m', memory: '96Mi' }, limits: { cpu: '100m', memory: '96Mi' } },
    ],
    [
      'asks for little of a burstable pod',
      { containers: limited({ cpu: '1' }) },
      { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '100m', memory: '96Mi' } },
    ],
    [
      'leaves resources to the pod as a whole',
      { containers: limited({ cpu: '1' }), resources: { limits: { cpu: '1' } } },
      undefined,
    ],
  ])('%s', (_what, spec, expected) => {
    expect(withSubdomain(spec).initContainers?.[0]?.resources).toEqual(expected);
  });

  it.each<[string, Partial<PodSpec>]>([
    ["on the node's network", { hostNetwork: true }],
    ['of Windows', { os: { name: 'windows' } }],
    ['whose name is overridden', { hostnameOverride: 'a.b' }],
  ])('is left alone in pods %s', (_what, spec) => {
    expect(withSubdomain(spec).initContainers).toBeUndefined();
  });

  it('is refused to pods that use the name of the helper', () => {
    const spec = { ...full, containers: [{ name: 'sublet-hosts' }] };
    expect(toHostPod(virtualPod({ spec }), podContext())).toMatchObject({ kind: 'refused', field: 'spec.containers' });
  });

  describe('as the helper writes it', () => {
    const directory = mkdtempSync(join(tmpdir(), 'sublet-hosts-'));
    afterAll(() => rmSync(directory, { recursive: true }));

    it('names the pod in full and in short, and the aliases, readable for all', () => {
      const spec = { ...full, hostAliases: [{ ip: '10.1.1.1', hostnames: ['a', 'b'] }] };
      const env = translated(virtualPod({ spec })).spec.initContainers?.[0]?.env ?? [];
      const values = Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
      const file = join(directory, 'hosts');
      runHostsCommand({ ...values, [HOSTS_ENV.file]: file, [HOSTS_ENV.addresses]: '10.0.0.7,fd00::7' });
      const lines = readFileSync(file, 'utf8').split('\n');
      expect(lines).toEqual(
        expect.arrayContaining([
          '127.0.0.1\tlocalhost',
          '10.0.0.7\tweb-0.web.default.svc.cluster.local\tweb-0',
          'fd00::7\tweb-0.web.default.svc.cluster.local\tweb-0',
          '10.1.1.1\ta\tb',
        ]),
      );
      expect(statSync(file).mode & 0o777).toBe(0o644);
    });

    it('says what it misses', () => {
      expect(() => runHostsCommand({})).toThrow(expect.objectContaining({ code: 'USAGE' }));
    });
  });
});
