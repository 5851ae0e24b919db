import { type ChildProcess, spawn } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { kubectlDirectory } from '../../host';
import { createAuthority } from '../../host/pki/certificates';
import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment, service } from '../support/manifests';
import { sharedHost } from '../support/shared-host';
import { installTraefik, TRAEFIK_PORTS, type Traefik } from '../support/traefik';

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

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** The controller's ports, as they are on this machine. */
interface Forward {
  get(host: string, path: string): Promise<Answer>;
  getByTls(host: string, path: string, ca: string): Promise<Answer>;
  stop(): void;
}

async function forwardTo(kubeconfig: string, namespace: string): Promise<Forward> {
  const { web, secure } = TRAEFIK_PORTS;
  const args = [
    `--kubeconfig=${kubeconfig}`,
    'port-forward',
    '-n',
    namespace,
    'deployment/traefik',
    `:${web}`,
    `:${secure}`,
  ];
  const child: ChildProcess = spawn(join(kubectlDirectory(), 'kubectl'), [...args, '--address=127.0.0.1']);
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const portOf = (remote: number) =>
    eventually(() => new RegExp(`127\\.0\\.0\\.1:(\\d+) -> ${remote}`).exec(said)?.[1], { what: 'the forwarded port' });
  const [webPort, securePort] = [Number(await portOf(web)), Number(await portOf(secure))];
  const common = { host: '127.0.0.1', agent: false } as const;
  return {
    get: (host, path) => answer(httpRequest({ ...common, port: webPort, path, headers: { host } })),
    getByTls: (host, path, ca) =>
      answer(httpsRequest({ ...common, port: securePort, path, headers: { host }, servername: host, ca })),
    stop: () => void child.kill('SIGKILL'),
  };
}

function answer(request: ReturnType<typeof httpRequest>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.setTimeout(10_000, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.end();
  });
}
