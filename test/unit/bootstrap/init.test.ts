import { X509Certificate } from 'node:crypto';
import { FILES, PKI_FILES } from '../../../lib/contract';
import { type FileSet, parseDiscovery, runInit } from '../../../syncer/bootstrap';
import { silentLogger } from '../../../syncer/kube/logger';
import { failure } from '../kube/support/loopback';
import { forbidden, ObjectApi } from './support/object-api';
import { sourcesAt } from './support/pki';

const NAMESPACE = '/api/v1/namespaces/vcluster-team-a';
const CORE = {
  version: 1,
  clusterDomain: 'cluster.local',
  extraSans: ['api.example.com'],
  kubeconfigServer: 'https://team-a.vcluster-team-a.svc',
  syncerImage: 'syncer:1',
  syncerImagePullPolicy: 'IfNotPresent',
  dns: { mode: 'embedded', forwardToHost: false, names: [], upstream: [] },
  kubernetesVersion: '1.37.2',
  admission: 'baseline',
};

/** A host on which the cluster's manifests are applied. */
async function startHost(core: object = CORE): Promise<ObjectApi> {
  const api = await ObjectApi.start();
  api.put(`${NAMESPACE}/configmaps/team-a-config-core`, {
    metadata: {},
    data: { 'config.json': JSON.stringify(core) },
  });
  api.put(`${NAMESPACE}/services/team-a`, {
    metadata: { name: 'team-a', uid: 'service-uid' },
    spec: { clusterIP: '10.96.7.7', clusterIPs: ['10.96.7.7'] },
  });
  api.intercept = ({ method, path, query }) => {
    if (path.endsWith('/servicecidrs')) return { status: 403, body: forbidden('list', 'servicecidrs') };
    if (method !== 'POST' || !query.has('dryRun')) return undefined;
    return { status: 422, body: failure(422, 'Invalid', { message: 'The range of valid IPs is 10.96.0.0/16' }) };
  };
  return api;
}

interface Trial {
  readonly withinMs?: number;
  readonly podIp?: string;
  readonly signal?: AbortSignal;
}

async function init(api: ObjectApi, { withinMs = 0, podIp = '10.85.0.9', signal }: Trial = {}): Promise<FileSet> {
  let written: FileSet = {};
  await runInit({
    env: { cluster: 'team-a', namespace: 'vcluster-team-a', podIp },
    hostClient: api.client,
    resolvConf: 'nameserver 10.96.0.10\nsearch x.svc.cluster.local svc.cluster.local',
    writeFiles: async (files) => {
      written = files;
    },
    logger: silentLogger,
    signal: signal ?? new AbortController().signal,
    withinMs,
    jitter: () => 0,
    ...sourcesAt(),
  });
  return written;
}

describe('the init container', () => {
  it('writes every file that the control plane needs', async () => {
    await using api = await startHost();
    const files = await init(api);
    const named = Object.values(PKI_FILES).map((file) => `${FILES.pkiDir}/${file}`);
    const { controllerManagerKubeconfig, schedulerKubeconfig, syncerKubeconfig, egressConfig, discovery } = FILES;
    const { baseline, restricted } = FILES.admissionConfig;
    const others = [
      controllerManagerKubeconfig,
      schedulerKubeconfig,
      syncerKubeconfig,
      egressConfig,
      baseline,
      restricted,
      discovery,
    ];
    expect(Object.keys(files).sort()).toEqual([...named, ...others].sort());
    expect(parseDiscovery(files[FILES.discovery] ?? '')).toEqual({
      serviceCidr: '10.96.0.0/16',
      serviceUid: 'service-uid',
      serviceIps: ['10.96.7.7'],
      hostNameservers: ['10.96.0.10'],
      hostClusterDomain: 'cluster.local',
    });
    expect(files[FILES.egressConfig]).toContain(`udsName: ${FILES.egressSocket}`);
    expect(files[FILES.syncerKubeconfig]).toContain('server: https://127.0.0.1:8443');
    expect(files[FILES.controllerManagerKubeconfig]).toContain(
      'client-certificate: /run/sublet/pki/controller-manager.crt',
    );
  });

  it('writes once to the host at the first start, and never again', async () => {
    await using api = await startHost();
    await init(api);
    await init(api, { podIp: '10.85.0.10' });
    const writes = api.requests.filter(({ method, query }) => method !== 'GET' && !query.has('dryRun'));
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST ${NAMESPACE}/secrets`]);
  });

  it('serves the pod’s own address, and keeps it out of what replicas share', async () => {
    await using api = await startHost();
    const files = await init(api);
    const served = new X509Certificate(files[`${FILES.pkiDir}/${PKI_FILES.apiServerCert}`] ?? '');
    const data = api.objects.get(`${NAMESPACE}/secrets/team-a-certs`)?.data;
    const shared = Buffer.from(Object(data)[PKI_FILES.apiServerCert], 'base64');
    expect(served.checkIP('10.85.0.9')).toBeDefined();
    expect(served.checkIP('10.96.7.7')).toBeDefined();
    expect(new X509Certificate(shared).checkIP('10.85.0.9')).toBeUndefined();
  });

  it('asks the host for nothing that the declaration tells', async () => {
    await using api = await startHost({ ...CORE, serviceCidr: '10.0.0.0/8' });
    const files = await init(api);
    expect(parseDiscovery(files[FILES.discovery] ?? '').serviceCidr).toBe('10.0.0.0/8');
    expect(api.requests.some(({ query }) => query.has('dryRun'))).toBe(false);
  });

  it('waits for what is applied later, and for a host that is away for a moment', async () => {
    await using api = await startHost();
    const path = `${NAMESPACE}/services/team-a`;
    const service = api.objects.get(path);
    api.objects.delete(path);
    const answer = api.intercept;
    let asked = 0;
    api.intercept = (request) => {
      if (request.path === path) asked += 1;
      if (asked === 2) api.put(path, { ...service });
      if (asked === 3) return { status: 503, body: failure(503, 'ServiceUnavailable') };
      return answer(request);
    };
    await expect(init(api, { withinMs: 10_000 })).resolves.toBeDefined();
  });

  it.each<[string, (api: ObjectApi) => void, object]>([
    [
      'names the ConfigMap that is missing',
      (api) => api.objects.delete(`${NAMESPACE}/configmaps/team-a-config-core`),
      { code: 'NOT_READY', message: expect.stringContaining('team-a-config-core') },
    ],
    [
      'names a field of the configuration that is wrong',
      (api) =>
        api.put(`${NAMESPACE}/configmaps/team-a-config-core`, {
          metadata: {},
          data: { 'config.json': '{"version":2}' },
        }),
      { code: 'CONFIG_INVALID', message: expect.stringContaining('version') },
    ],
    [
      'names the right that is missing',
      (api) => {
        api.intercept = () => ({ status: 403, body: forbidden('get', 'secrets') });
      },
      { code: 'HOST_RIGHTS', message: expect.stringContaining('in namespace vcluster-team-a') },
    ],
  ])('%s', async (_, damage, error) => {
    await using api = await startHost();
    damage(api);
    await expect(init(api)).rejects.toMatchObject(error);
    expect(api.objects.has(`${NAMESPACE}/secrets/team-a-certs`)).toBe(false);
  });

  it('names the right to Secrets, although nothing said about Secrets is passed on', async () => {
    await using api = await startHost();
    const answer = api.intercept;
    api.intercept = (request) =>
      request.path.includes('/secrets') ? { status: 403, body: forbidden('get', 'secrets') } : answer(request);
    await expect(init(api)).rejects.toMatchObject({ code: 'HOST_RIGHTS', message: expect.stringContaining('secrets') });
  });

  it('stops waiting when it is called off', async () => {
    await using api = await startHost();
    api.objects.clear();
    const signal = AbortSignal.timeout(100);
    await expect(init(api, { withinMs: 60_000, signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
