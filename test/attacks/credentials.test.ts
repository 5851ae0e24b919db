import { X509Certificate } from 'node:crypto';
import { clusterNames, hostName } from '../../lib';
import { createKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import type { TestObject } from '../api/support/api';
import type { Pair } from '../api/support/pair';
import { usePair } from '../api/support/use-pair';

const red = usePair();
const blue = usePair();

const secretsOf = async (pair: Pair): Promise<{ readonly [key: string]: string }> => {
  const { certsSecret } = clusterNames(pair.name);
  const found = await pair.host.get({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: certsSecret, namespace: pair.namespace },
  });
  const decoded = Object.entries<string>(found?.data ?? {}).map(
    ([key, value]) => [key, Buffer.from(value, 'base64').toString()] as const,
  );
  return Object.fromEntries(decoded);
};

/** Asks an API server who it takes the bearer of a token for. */
async function whoIs(pair: Pair, side: 'host' | 'virtual', token: string): Promise<number> {
  const { server, ca } = pair[side].client.connection;
  const client = createKubeClient({ server, ...(ca !== undefined && { ca }), token: async () => token });
  try {
    await client.raw('/api/v1/namespaces');
    return 200;
  } catch (error) {
    return (error as { readonly status?: number }).status ?? 0;
  } finally {
    client.close();
  }
}

/** A token of the tenant's account `default`, as its cluster-admin may ask for. */
async function tenantToken(pair: Pair, audiences: readonly string[] = []): Promise<string> {
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences, expirationSeconds: 600 },
  };
  const answer = await pair.virtual.client.post<TestObject>(
    RESOURCES.serviceAccounts,
    'default',
    'default',
    'token',
    request,
  );
  return answer.status.token;
}

describe('row 32: credentials of one cluster, tried on another', () => {
  it('denied: a client certificate of another cluster is nobody here', async () => {
    const theirs = await secretsOf(blue());
    const { server, ca } = red().virtual.client.connection;
    const client = createKubeClient({
      server,
      ...(ca !== undefined && { ca }),
      clientCertificate: theirs['admin.crt'] ?? '',
      clientKey: theirs['admin.key'] ?? '',
    });
    await expect(client.raw('/api/v1/namespaces')).rejects.toMatchObject({ status: 401 });
    client.close();
  });

  it('denied: no two clusters share an authority or a signing key', async () => {
    const [one, other] = await Promise.all([secretsOf(red()), secretsOf(blue())]);
    for (const key of ['ca.crt', 'ca.key', 'sa.key', 'front-proxy-ca.key']) {
      expect(one[key]).toBeTruthy();
      expect(one[key]).not.toEqual(other[key]);
    }
  });

  it('allowed: the own one is the admin, by a certificate that ends and names the groups that it is for', async () => {
    const own = await secretsOf(red());
    const certificate = new X509Certificate(own['admin.crt'] ?? '');
    expect(certificate.subject).toContain('O=system:masters');
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000;
    expect(days).toBeLessThanOrEqual(366);
    const serving = new X509Certificate(own['apiserver.crt'] ?? '');
    expect(serving.subjectAltName).toContain(`DNS:${red().name}.${red().namespace}`);
    expect(serving.subjectAltName).not.toContain(blue().name);
    await expect(red().virtual.client.raw('/api/v1/namespaces')).resolves.toBeDefined();
  });
});

describe('row 6: the account under which tenants’ pods run on the host', () => {
  it('denied: a tenant’s token is nobody on the host, whatever audience it was asked for', async () => {
    for (const audiences of [[], ['https://kubernetes.default.svc.cluster.local'], ['kubernetes']])
      expect(await whoIs(red(), 'host', await tenantToken(red(), audiences))).toBe(401);
  });

  it('denied: pods get no token of the host, and their account may do nothing there', async () => {
    const { virtual, host, name, namespace } = red();
    const created = await virtual.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'curious', namespace: 'default' },
      spec: {
        automountServiceAccountToken: true,
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', image: 'registry.example/web:1' }],
        volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'api' } }] } }],
      },
    });
    const at = { apiVersion: 'v1', kind: 'Pod', metadata: { name: hostName('curious', 'default', name), namespace } };
    const { spec } = await host.until(at, 'to be there');
    const account = clusterNames(name).workloadServiceAccount;
    expect(spec).toMatchObject({ serviceAccountName: account, automountServiceAccountToken: false });
    expect(JSON.stringify(spec.volumes)).not.toContain('serviceAccountToken');
    for (const [verb, resource] of [
      ['get', 'secrets'],
      ['list', 'pods'],
      ['create', 'pods'],
      ['get', 'configmaps'],
    ]) {
      const review = await host.client.create<TestObject>(ACCESS_REVIEWS, undefined, {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        metadata: {},
        spec: {
          user: `system:serviceaccount:${namespace}:${account}`,
          groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
          resourceAttributes: { namespace, verb, resource },
        },
      });
      expect(review.status.allowed).toBe(false);
    }
    await virtual.delete(created);
  });

  it('allowed: the token is one of the virtual cluster, and of no other', async () => {
    const token = await tenantToken(red());
    // Known, but without rights: that is a refusal of another kind.
    expect(await whoIs(red(), 'virtual', token)).toBe(403);
    expect(await whoIs(blue(), 'virtual', token)).toBe(401);
  });
});

const ACCESS_REVIEWS = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
  kind: 'SubjectAccessReview',
  namespaced: false,
} as const;
