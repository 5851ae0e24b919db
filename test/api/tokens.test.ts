import { ANNOTATIONS, tokenSecretName } from '../../lib/contract';
import { eventually } from '../support/eventually';
import type { TestObject } from './support/api';
import { leaksOf } from './support/leaks';
import { usePair } from './support/use-pair';

const pair = usePair();

const AUDIENCE = 'vault.example.com';

const pod = (name: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: {
    containers: [
      { name: 'main', image: 'registry.example/web:1', volumeMounts: [{ name: 'vault', mountPath: '/vault' }] },
    ],
    volumes: [
      {
        name: 'vault',
        projected: {
          sources: [{ serviceAccountToken: { path: 'token', audience: AUDIENCE, expirationSeconds: 900 } }],
        },
      },
    ],
  },
});

/** The Secret on the host that holds a pod's tokens. */
const tokensOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: tokenSecretName(name, 'default', pair().name), namespace: pair().namespace },
});

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly sub: string;
  readonly 'kubernetes.io': { readonly pod?: { readonly name: string; readonly uid: string } };
}

/** The tokens in a Secret, by their keys. */
function tokensIn({ data }: TestObject): ReadonlyMap<string, string> {
  const entries = Object.entries<string>(data).map(
    ([key, text]) => [key, Buffer.from(text, 'base64').toString()] as const,
  );
  return new Map(entries);
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

describe("row 7, allowed: a tenant's tokens", () => {
  it('are bound to the pod in the virtual cluster, each to its own audience and time', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(pod('bound'));
    const claims = [...tokensIn(await host.until(tokensOf('bound'), 'to be written')).values()].map(claimsOf);
    expect(claims).toHaveLength(2);
    for (const one of claims) {
      expect(one.sub).toBe('system:serviceaccount:default:default');
      expect(one['kubernetes.io'].pod).toEqual({ name: 'bound', uid: created.metadata.uid });
    }
    const vault = claims.find(({ aud }) => aud.includes(AUDIENCE));
    expect(vault?.aud).toEqual([AUDIENCE]);
    expect((vault?.exp ?? 0) - (vault?.iat ?? 0)).toBe(900);
    const own = claims.find(({ aud }) => !aud.includes(AUDIENCE));
    expect(own?.aud.join()).toContain('kubernetes');
    await virtual.delete(created);
    await host.untilGone(tokensOf('bound'));
  });

  it('are replaced by new ones when they are due', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(pod('renewed'));
    await virtual.until(created, 'to run', ({ status }) => status.phase === 'Running');
    const before = await host.until(tokensOf('renewed'), 'to be written');
    const due = { metadata: { annotations: { [ANNOTATIONS.renewAt]: '2026-01-01T00:00:00.000Z' } } };
    await host.patch(tokensOf('renewed'), due);
    let looks = 0;
    const after = await eventually(
      async () => {
        // Whatever happens to a pod, its tokens are looked at.
        await virtual.patch(created, { metadata: { labels: { looks: String(looks++) } } });
        const secret = await host.get(tokensOf('renewed'));
        const isNew = ([key, text]: readonly [string, unknown]): boolean =>
          ![undefined, text].includes(secret?.data[key]);
        return Object.entries(before.data).every(isNew) ? secret : undefined;
      },
      { what: 'the Secret to hold new tokens', everyMs: 100, timeoutMs: 30_000 },
    );
    expect([...tokensIn(after).keys()]).toEqual([...tokensIn(before).keys()]);
    expect(after.metadata.annotations?.[ANNOTATIONS.renewAt]).not.toBe(
      before.metadata.annotations?.[ANNOTATIONS.renewAt],
    );
    await virtual.delete(created);
  });
});

describe('row 7, denied: a token or a key that lies open on the host', () => {
  it('is found, wherever it is, and not repeated', async () => {
    const { virtual, host, namespace } = pair();
    const created = await virtual.create(pod('careless'));
    const [token = ''] = tokensIn(await host.until(tokensOf('careless'), 'to be written')).values();
    const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n';
    const open: TestObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'open', namespace, annotations: { 'example.com/note': token } },
      data: { 'tls.key': key, encoded: Buffer.from(token).toString('base64') },
    };
    const secret: TestObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'labelled', namespace, annotations: { 'example.com/copy': token } },
      stringData: { token },
    };
    await host.create(open);
    await host.create(secret);
    try {
      expect([...(await leaksOf(pair()))].sort()).toEqual([
        `host configmaps ${namespace}/open: data.encoded: a token`,
        `host configmaps ${namespace}/open: data["tls.key"]: a private key`,
        `host configmaps ${namespace}/open: metadata.annotations["example.com/note"]: a token`,
        `host secrets ${namespace}/labelled: metadata.annotations["example.com/copy"]: a token`,
      ]);
    } finally {
      await host.delete(open);
      await host.delete(secret);
      await virtual.delete(created);
    }
    expect(await leaksOf(pair())).toEqual([]);
  });
});
