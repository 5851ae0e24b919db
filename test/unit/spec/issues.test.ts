import { parseSpec, SpecError, type SpecIssue, type VirtualClusterSpec } from '../../../lib';

/** The issues of a declaration, or none. */
function issuesOf(input: unknown): readonly SpecIssue[] {
  try {
    parseSpec(input);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
}

const within = (rest: object): object => ({ name: 'team-a', ...rest });

describe('a wrong declaration', () => {
  it.each<[string, unknown, Partial<SpecIssue>]>([
    ['no object', 3, { path: '', value: 3, message: 'has the wrong type', allowed: 'an object with fields' }],
    ['no name', {}, { path: 'name', message: 'is missing' }],
    [
      'an unknown field',
      within({ namspace: 'x' }),
      { path: 'namspace', value: 'x', hint: 'did you mean "namespace"?' },
    ],
    [
      'an unknown field further down',
      within({ store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', sise: '1Gi' } } }),
      {
        path: 'store.persistence.sise',
        allowed: 'kind, size, storageClass, whenDeleted',
        hint: 'did you mean "size"?',
      },
    ],
    [
      'a field of another variant',
      within({ store: { kind: 'sqlite', persistence: { kind: 'ephemeral', size: '1Gi' } } }),
      { path: 'store.persistence.size', message: 'is not a known field', allowed: 'kind' },
    ],
    [
      'an unknown variant',
      within({ store: { kind: 'sqlit' } }),
      { path: 'store.kind', value: 'sqlit', allowed: 'sqlite, postgres, mysql, etcd', hint: 'did you mean "sqlite"?' },
    ],
    [
      'several pods with a store that one of them has to itself',
      within({ store: { kind: 'sqlite' }, controlPlane: { replicas: 3 } }),
      {
        path: 'controlPlane.replicas',
        value: 3,
        message: 'does not go with the store',
        hint: 'several pods share a store outside of them: store.kind postgres, mysql or etcd',
      },
    ],
    [
      'several pods with the default store',
      within({ controlPlane: { replicas: 2 } }),
      { path: 'controlPlane.replicas', value: 2 },
    ],
    [
      'the password of a database',
      within({ store: { kind: 'postgres', connection: 'postgres://user:password@db/team' } }),
      { path: 'store.connection' },
    ],
    [
      'an etcd without an address',
      within({ store: { kind: 'etcd', endpoints: [], tls: { secretName: 'etcd' } } }),
      { path: 'store.endpoints', message: 'is empty' },
    ],
    [
      'an etcd that anybody could listen to',
      within({ store: { kind: 'etcd', endpoints: ['http://etcd:2379'], tls: { secretName: 'etcd' } } }),
      { path: 'store.endpoints[0]', allowed: 'an https:// address without a path' },
    ],
    [
      'keys that begin with no slash',
      within({
        store: { kind: 'etcd', endpoints: ['https://etcd:2379'], tls: { secretName: 'etcd' }, prefix: 'team-a' },
      }),
      { path: 'store.prefix', hint: 'did you mean /team-a?' },
    ],
    ['a variant without its kind', within({ store: {} }), { path: 'store.kind', message: 'is missing' }],
    [
      'a version that is not offered',
      within({ kubernetes: { version: '1.32' } }),
      {
        path: 'kubernetes.version',
        value: '1.32',
        allowed: '1.33, 1.33.13, 1.34, 1.34.4, 1.35, 1.35.4, 1.36, 1.36.3, 1.37, 1.37.2',
      },
    ],
    [
      'a size in other units',
      within({ store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', size: '5GB' } } }),
      { path: 'store.persistence.size', value: '5GB', hint: 'write Mi or Gi instead of MB or GB' },
    ],
    ['a number for a text', within({ namespace: 5 }), { path: 'namespace', value: 5, message: 'is not a text' }],
    ['a namespace in capitals', within({ namespace: 'Team A' }), { path: 'namespace', hint: 'did you mean "team-a"?' }],
    [
      'a wrong item of a list',
      within({ controlPlane: { extraSans: ['ok.example', 'not ok'] } }),
      { path: 'controlPlane.extraSans[1]', value: 'not ok' },
    ],
    [
      'a flag that Sublet sets',
      within({ controlPlane: { apiServer: { extraArgs: { 'etcd-servers': 'x' } } } }),
      { path: 'controlPlane.apiServer.extraArgs.etcd-servers', message: '--etcd-servers is set by Sublet' },
    ],
    [
      'such a flag with its dashes',
      within({ controlPlane: { controllerManager: { extraArgs: { '--controllers': '*' } } } }),
      { message: '--controllers is set by Sublet' },
    ],
    [
      'a flag with its dashes',
      within({ controlPlane: { apiServer: { extraArgs: { '--v': '4' } } } }),
      { message: 'is not the name of a flag', hint: 'did you mean "v"?' },
    ],
    [
      'a bad key of a map',
      within({ controlPlane: { nodeSelector: { 'a b': 'c' } } }),
      { path: 'controlPlane.nodeSelector["a b"]', message: 'is not a label or annotation key' },
    ],
    ['no replica', within({ dns: { replicas: 0 } }), { path: 'dns.replicas', allowed: 'a whole number from 1 to 100' }],
    [
      'an image with a scheme',
      within({ images: { syncer: 'https://x/y' } }),
      { path: 'images.syncer', hint: 'leave out the https://' },
    ],
    [
      'an address without a scheme',
      within({ kubeconfig: { server: 'api.example.com' } }),
      { path: 'kubeconfig.server', hint: 'did you mean https://api.example.com?' },
    ],
    [
      'an exact toleration without a value',
      within({ controlPlane: { tolerations: [{ operator: 'Equal', key: 'a' }] } }),
      { path: 'controlPlane.tolerations[0].value', message: 'is missing' },
    ],
    ['a forged marker in part of a text', within({ namespace: 'a\u00010\u0002' }), { path: 'namespace' }],
    [
      'a forged marker in part of free text',
      within({ controlPlane: { podAnnotations: { a: 'x\u00010\u0002' } } }),
      { path: 'controlPlane.podAnnotations.a' },
    ],
    [
      'a late value where the objects depend on it',
      within({ createNamespace: '\u00010\u0002' }),
      { path: 'createNamespace', message: expect.stringContaining('known only at deployment') },
    ],
  ])('%s', (_what, input, issue) => {
    expect(issuesOf(input)).toEqual([expect.objectContaining(issue)]);
  });

  it('is told everything at once', () => {
    const input = {
      name: 'Team A',
      namspace: 'x',
      kubernetes: { version: '2.0' },
      store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', size: 'big', storageClass: 'Fast' } },
      dns: { replicas: 'two', forwardToHost: 'yes' },
    };
    expect(
      issuesOf(input)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      'dns.forwardToHost',
      'dns.replicas',
      'kubernetes.version',
      'name',
      'namspace',
      'store.persistence.size',
      'store.persistence.storageClass',
    ]);
  });

  it('says all of it in the message of one error with a stable code', () => {
    const wrong: VirtualClusterSpec = { name: 'team-a', namespace: 'Team', kubeconfig: { server: 'http://x' } };
    const error = (() => {
      try {
        return parseSpec(wrong);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'SPEC_INVALID', name: 'SpecError' });
    expect(String(error)).toBe(
      [
        'SpecError: virtual cluster "team-a": 2 problems in its declaration',
        '  namespace ("Team"): is not valid; allowed: up to 63 lower-case letters, digits and "-", beginning and ending with a letter or digit; did you mean "team"?',
        '  kubeconfig.server ("http://x"): is not valid; allowed: an https:// address without a path',
      ].join('\n'),
    );
  });
});
