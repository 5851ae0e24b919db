import { connect } from 'node:tls';
import { hostName, resolvePolicy } from '../../lib';
import { generatePolicy } from '../../lib/manifests/policies/policy';
import { eventually } from '../support/eventually';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const nodes = { mode: 'fake', metrics: { source: 'none' } } as const;

/** The virtual cluster declares none of this. The pair starts only if it has waited for the policies. */
const pair = usePair({
  spec: { requires: ['sync', 'nodes', 'endpoint'], isolation: { level: 'off' } },
  policies: (cluster) => [
    resolvePolicy('sync', { cluster, toHost: { ingresses: { enabled: true } } }),
    resolvePolicy('nodes', { cluster, ...nodes }),
    resolvePolicy('endpoint', { cluster, via: 'nodePort', hostname: 'api.example.com', nodePort: 30_443 }),
  ],
});

const meta = (name: string) => ({ name, namespace: 'default' });
const ingress = (name: string): TestObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: meta(name),
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
});
const budget = (name: string): TestObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: meta(name),
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
});
const copyOf = (object: TestObject) => ({
  ...object,
  metadata: { name: hostName(object.metadata.name ?? '', 'default', pair().name), namespace: pair().namespace },
});

describe('what a policy of its own declares', () => {
  it('crosses, with the rights that the policy brings', async () => {
    const created = await pair().virtual.create(ingress('declared'));
    await pair().host.until(copyOf(created), 'to be copied');
  });

  it('changes when the policy changes, while control plane and syncer run on', async () => {
    const { virtual, host, syncer, name, namespace } = pair();
    const starts = syncer.starts;
    const waiting = await virtual.create(budget('later'));
    const cluster = { name, namespace };
    const both = { ingresses: { enabled: true }, podDisruptionBudgets: { enabled: true } };
    for (const { object } of generatePolicy(resolvePolicy('sync', { cluster, toHost: both })))
      await host.patch(object, object);
    await host.until(copyOf(waiting), 'to be copied once the policy says so');
    await virtual.patch(waiting, { spec: { minAvailable: 2 } });
    await host.until(copyOf(waiting), 'to follow', ({ spec }) => spec.minAvailable === 2);
    await syncer.untilReady();
    // A container that ends is started again later each time.
    expect(syncer.starts).toBe(starts);
  });
});

describe('an endpoint of its own', () => {
  const kubeconfigIs = async (server: string): Promise<void> => {
    const { host, name, namespace } = pair();
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: `vc-${name}`, namespace } };
    await host.until(secret, `to lead to ${server}`, ({ data }) =>
      Buffer.from(data.config, 'base64').toString().includes(`server: ${server}\n`),
    );
  };
  /** The names in the certificate that the API server shows. */
  const servedNames = (): Promise<string> => {
    const { hostname, port } = new URL(pair().virtual.client.connection.server);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().subjectaltname ?? '');
        socket.destroy();
      });
      socket.on('error', reject);
    });
  };
  const isServed = (name: string) =>
    eventually(async () => (await servedNames()).includes(`DNS:${name}`), { what: `the certificate to carry ${name}` });

  it('is in the kubeconfig and in the certificate, although it came after the control plane', async () => {
    await kubeconfigIs('https://api.example.com:30443');
    await isServed('api.example.com');
  });

  it('changes in both as often as it is declared anew, while control plane and syncer run on', async () => {
    const { host, syncer, name, namespace } = pair();
    const cluster = { name, namespace };
    const starts = syncer.starts;
    for (const hostname of ['one.example.com', 'two.example.com', 'three.example.com']) {
      const policy = resolvePolicy('endpoint', { cluster, via: 'nodePort', hostname, nodePort: 30_443 });
      for (const { object } of generatePolicy(policy)) await host.patch(object, object);
      await kubeconfigIs(`https://${hostname}:30443`);
      await isServed(hostname);
    }
    expect(syncer.starts).toBe(starts);
  });
});
