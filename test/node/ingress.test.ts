import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../host/pki/certificates';
import { createTestCluster, kubectlTarget, sublet, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment, service } from '../support/manifests';
import { sharedHost } from '../support/shared-host';
import { installTraefik, TRAEFIK_PORTS, type Traefik } from '../support/traefik';
import { type Forward, forwardTo } from '../support/traefik-ports';

const NAME = 'ingress';
const OPTIONS = [
  'sync.toHost.ingresses.enabled=true',
  'sync.toHost.networkPolicies.enabled=true',
  'sync.toHost.gatewayApi.enabled=true',
  'sync.fromHost.ingressClasses.enabled=true',
  'sync.fromHost.gatewayClasses.enabled=true',
];
const GATEWAY = 'gateway.networking.k8s.io/v1';

describe("the tenant's web behind a real controller of the host", () => {
  let cluster: TestCluster;
  let traefik: Traefik;
  let forward: Forward;

  beforeAll(async () => {
    const host = await sharedHost();
    // The definitions of the Gateway API come with the controller, after the virtual cluster.
    cluster = await createTestCluster(
      NAME,
      OPTIONS.flatMap((one) => ['--set', one]),
    );
    traefik = await installTraefik(host, cluster.namespace);
    forward = await forwardTo(host.kubeconfig, traefik.namespace);
    await cluster.apply(deployment('web', { args: ['netexec', '--http-port=8080'] }), service('web'));
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '--timeout=120s']);
    // A machine without the binary builds it first.
  }, 2_400_000);
  afterAll(async () => {
    forward?.stop();
    await traefik?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  }, 180_000);

  const podName = async () => (await cluster.json(['get', 'pods', '-l', 'app=web'])).items[0].metadata.name;
  const ingress = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default' },
    spec: {
      ingressClassName: traefik.className,
      rules: [
        {
          host: `${name}.example.com`,
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { name: 'http' } } } }],
          },
        },
      ],
      ...spec,
    },
  });

  test('a Service is reached by the host name of its Ingress, until that is deleted', async () => {
    await eventually(async () => (await cluster.json(['get', 'ingressclass', traefik.className])).spec.controller, {
      what: 'the class to be shown',
    });
    await cluster.apply(ingress('plain', {}));
    const pod = await podName();
    await eventually(async () => (await forward.get('plain.example.com', '/hostname')).body === pod, {
      what: 'the answer of the pod',
    });
    expect((await forward.get('other.example.com', '/hostname')).status).toBe(404);
    await eventually(
      async () =>
        (await cluster.json(['get', 'ingress', 'plain'])).status.loadBalancer.ingress?.[0].ip === traefik.address,
      { what: 'the address in the status' },
    );
    await cluster.kubectl(['delete', 'ingress', 'plain']);
    await eventually(async () => (await forward.get('plain.example.com', '/hostname')).status === 404, {
      what: 'the controller to give it up',
    });
  }, 120_000);

  test('with the certificate of a Secret it is reached by TLS', async () => {
    const authority = await createAuthority('tenant');
    const pair = await authority.sign({ commonName: 'safe.example.com', dnsNames: ['safe.example.com'] });
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'safe', namespace: 'default' },
        type: 'kubernetes.io/tls',
        stringData: { 'tls.crt': pair.certificate, 'tls.key': pair.key },
      },
      ingress('safe', { tls: [{ hosts: ['safe.example.com'], secretName: 'safe' }] }),
    );
    const pod = await podName();
    const ask = () => forward.getByTls('safe.example.com', '/hostname', authority.certificate);
    await eventually(async () => (await ask()).body === pod, { what: 'the answer of the pod under its certificate' });
    await cluster.kubectl(['delete', 'ingress/safe', 'secret/safe']);
  }, 120_000);

  test('an Ingress of a class that the host does not have is refused, and the tenant is told', async () => {
    await cluster.apply(ingress('classless', { ingressClassName: 'nowhere' }));
    const selector = 'involvedObject.kind=Ingress,involvedObject.name=classless';
    const event = await eventually(
      async () => (await cluster.json(['get', 'events', '--field-selector', selector])).items[0],
      { what: 'an event' },
    );
    expect(event).toMatchObject({ type: 'Warning', message: expect.stringContaining('spec.ingressClassName') });
    await cluster.kubectl(['delete', 'ingress', 'classless']);
  }, 60_000);

  test('an HTTPRoute attached to a Gateway of the tenant leads to the Service, and both tell their state', async () => {
    await eventually(async () => (await cluster.tryKubectl(['get', 'httproutes,gateways'])).code === 0, {
      what: 'the kinds of the Gateway API in the virtual cluster',
    });
    await eventually(
      async () => isTrue((await cluster.json(['get', 'gatewayclass', traefik.className])).status, 'Accepted'),
      { what: 'the class to be shown as accepted' },
    );
    await eventually(
      async () =>
        (await cluster.tryKubectl(['apply', '-f', '-'], { input: JSON.stringify(gatewayAndRoute(traefik.className)) }))
          .code === 0,
      { what: 'gateway and route to be taken' },
    );
    const pod = await podName();
    await eventually(async () => (await forward.get('route.example.com', '/hostname')).body === pod, {
      what: 'the answer of the pod through the route',
    });
    const route = await eventually(
      async () => {
        const found = await cluster.json(['get', 'httproute', 'web']);
        return isTrue(found.status?.parents?.[0], 'Accepted') ? found : undefined;
      },
      { what: 'the route to be accepted' },
    );
    expect(route.status.parents).toMatchObject([
      { parentRef: { name: 'edge' }, controllerName: 'traefik.io/gateway-controller' },
    ]);
    const gateway = await eventually(
      async () => {
        const found = await cluster.json(['get', 'gateway', 'edge']);
        return isTrue(found.status, 'Programmed') || isTrue(found.status, 'Accepted') ? found : undefined;
      },
      { what: 'the gateway to be accepted' },
    );
    expect(gateway.status.addresses).toEqual([{ type: 'IPAddress', value: traefik.address }]);
    expect(JSON.stringify([route.status, gateway.status])).not.toContain(cluster.namespace);
    await cluster.kubectl(['delete', 'httproute/web', 'gateway/edge']);
    await eventually(async () => (await forward.get('route.example.com', '/hostname')).status === 404, {
      what: 'the controller to give it up',
    });
  }, 180_000);

  describe('the API server itself', () => {
    const HOSTNAME = 'api.example.com';
    const listener = {
      name: 'clusters',
      port: TRAEFIK_PORTS.secure,
      protocol: 'TLS',
      tls: { mode: 'Passthrough' },
      allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] },
    };
    const gateway = () => ({
      apiVersion: GATEWAY,
      kind: 'Gateway',
      metadata: { name: 'clusters', namespace: cluster.namespace },
      spec: { gatewayClassName: traefik.className, listeners: [listener] },
    });
    let home: string;
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'sublet-endpoint-'));
      await cluster.host.apply(gateway());
    });
    afterAll(async () => {
      await cluster.host.kubectl(['delete', 'gateway', 'clusters', '-n', cluster.namespace, '--ignore-not-found']);
      await rm(home, { recursive: true });
    });

    test.each([
      ['a route of Traefik', 'traefik', 'IngressRouteTCP', {}],
      [
        'a route of the Gateway API',
        'gateway',
        'TLSRoute',
        { 'gateway.name': 'clusters', 'gateway.listener': 'clusters' },
      ],
    ])(
      'is reached through %s, which passes client certificates on to it',
      async (_what, via, kind, more) => {
        const fields = { via, hostname: HOSTNAME, port: TRAEFIK_PORTS.secure, ...more };
        const endpoint = Object.entries(fields).map(([field, value]) => `endpoint.${field}=${value}`);
        const words = [...OPTIONS, ...endpoint].flatMap((one) => ['--set', one]);
        const changed = await sublet(
          ['create', NAME, '--store', 'ephemeral', '--upgrade', '--no-wait', '--no-connect', ...words],
          { HOME: home, KUBECONFIG: cluster.host.kubeconfig },
        );
        if (changed.code !== 0) throw new Error(`sublet create failed: ${changed.stderr}`);

        const server = `https://${HOSTNAME}:${TRAEFIK_PORTS.secure}`;
        const kubeconfig = await eventually(
          async () => {
            const secret = await cluster.host.json(['get', 'secret', `vc-${NAME}`, '-n', cluster.namespace]);
            const text = Buffer.from(secret.data.config, 'base64').toString();
            return text.includes(server) ? text : undefined;
          },
          { what: 'the kubeconfig to say so' },
        );
        const file = join(home, via);
        await writeFile(file, kubeconfig, { mode: 0o600 });
        // No DNS here leads the name to Traefik.
        const there = [`--server=https://127.0.0.1:${forward.securePort}`, `--tls-server-name=${HOSTNAME}`];
        const outside = kubectlTarget(file);
        const who = await eventually(
          async () => {
            const { code, stdout } = await outside.tryKubectl([...there, 'auth', 'whoami', '-o', 'json']);
            return code === 0 ? JSON.parse(stdout).status.userInfo : undefined;
          },
          { what: `the API server behind the ${kind}` },
        );
        expect(who.groups).toContain('system:masters');
        const seen = JSON.parse(await outside.kubectl([...there, 'get', 'deployment', 'web', '-o', 'json']));
        expect(seen.metadata.uid).toBe((await cluster.json(['get', 'deployment', 'web'])).metadata.uid);
        const elsewhere = [there[0] ?? '', '--tls-server-name=other.example.com'];
        expect((await outside.tryKubectl([...elsewhere, 'get', '--raw=/version'])).code).not.toBe(0);
      },
      180_000,
    );
  });

  test("a tenant's policy is on the host, and bounded to the tenant's pods", async () => {
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny', namespace: 'default' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    const policy = await eventually(
      () => cluster.host.json(['get', 'networkpolicy', `deny-x-default-x-${NAME}`, '-n', cluster.namespace]),
      { what: 'the policy on the host' },
    );
    const selector = Object.entries(policy.spec.podSelector.matchLabels).map(([key, value]) => `${key}=${value}`);
    const meant = await cluster.host.json(['get', 'pods', '-n', cluster.namespace, '-l', selector.join()]);
    const own = await cluster.json(['get', 'pods']);
    expect(meant.items).toHaveLength(own.items.length);
    await cluster.kubectl(['delete', 'networkpolicy', 'deny']);
  }, 60_000);
});

function gatewayAndRoute(gatewayClassName: string): object {
  const items = [
    {
      apiVersion: GATEWAY,
      kind: 'Gateway',
      metadata: { name: 'edge', namespace: 'default' },
      spec: { gatewayClassName, listeners: [{ name: 'web', port: TRAEFIK_PORTS.web, protocol: 'HTTP' }] },
    },
    {
      apiVersion: GATEWAY,
      kind: 'HTTPRoute',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        parentRefs: [{ name: 'edge' }],
        hostnames: ['route.example.com'],
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      },
    },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

function isTrue(of: Conditions | undefined, type: string): boolean {
  return of?.conditions?.some((one) => one.type === type && one.status === 'True') === true;
}
