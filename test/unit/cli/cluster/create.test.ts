import { applyAll } from '../../../../cli/cluster/apply';
import { type CreatePlan, preflight } from '../../../../cli/cluster/preflight';
import { createApi } from '../../../../cli/kube/api';
import { createResourceFinder } from '../../../../cli/kube/discovery';
import type { KubeObject } from '../../../../cli/kube/types';
import { type FakeApi, startFakeApi, status } from '../support/fake-api';
import { namespace, service, statefulSet } from '../support/objects';

let fake: FakeApi;
let plan: CreatePlan;
beforeEach(async () => {
  fake = await startFakeApi();
  const api = createApi(fake.context);
  plan = {
    api,
    findResource: createResourceFinder(api),
    name: 'a',
    namespace: 'teams',
    objects: [service('a', 'teams'), statefulSet('a', 'teams')],
    createNamespace: true,
    upgrade: false,
    signal: new AbortController().signal,
  };
});
afterEach(async () => {
  plan.api.close();
  await fake[Symbol.asyncDispose]();
});

const claims = (storageClassName?: string): readonly KubeObject[] => [
  statefulSet('a', 'teams', {
    spec: { volumeClaimTemplates: [{ spec: { storageClassName } }], template: statefulSetTemplate },
  }),
];
const statefulSetTemplate = { spec: { containers: [{ env: [{ name: 'SUBLET_CLUSTER' }] }] } };

describe('the checks before a virtual cluster is created', () => {
  afterEach(() => expect(fake.writes()).toEqual([]));

  it('find nothing wrong with a fresh host, and write nothing', async () => {
    expect(await preflight(plan)).toEqual({ namespaceExists: false, clusterExists: false });
  });

  it('let the API server try every object where the namespace exists', async () => {
    fake.put(namespace('teams'), 'namespaces');
    await preflight(plan);
    const tried = fake.seen.filter(({ query }) => query.get('dryRun') === 'All').map(({ path }) => path);
    expect(tried).toEqual(['/api/v1/namespaces/teams/services/a', '/apis/apps/v1/namespaces/teams/statefulsets/a']);
  });

  it('name a host that does not answer', async () => {
    await fake[Symbol.asyncDispose]();
    await expect(preflight(plan)).rejects.toMatchObject({
      code: 'API_UNREACHABLE',
      message: expect.stringContaining('context "fake"'),
      hint: expect.stringContaining('--context'),
    });
    fake = await startFakeApi();
  });

  it('name a missing namespace where it may not be made', async () => {
    await expect(preflight({ ...plan, createNamespace: false })).rejects.toMatchObject({
      code: 'NAMESPACE_NOT_FOUND',
      hint: expect.stringContaining('--create-namespace'),
    });
  });

  it('do not use a namespace that is being deleted', async () => {
    const leaving = { ...namespace('teams'), metadata: { name: 'teams', deletionTimestamp: '2026-01-01T00:00:00Z' } };
    fake.put(leaving, 'namespaces');
    await expect(preflight(plan)).rejects.toMatchObject({
      code: 'NAMESPACE_NOT_FOUND',
      message: expect.stringMatching(/being deleted/),
    });
  });

  const role: KubeObject & { readonly rules: readonly object[] } = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'vc-a', namespace: 'teams' },
    rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }],
  };
  const allowAllBut = (denied: RegExp) => {
    fake.override = ({ path, body }) =>
      path.endsWith('/selfsubjectaccessreviews')
        ? { status: 201, body: { status: { allowed: !denied.test(JSON.stringify(body)) } } }
        : undefined;
  };

  it('name the rights that the syncer is given, for nobody can give what he has not', async () => {
    fake.put(namespace('teams'), 'namespaces');
    allowAllBut(/"exec"|"escalate"/);
    await expect(preflight({ ...plan, objects: [role] })).rejects.toMatchObject({
      code: 'HOST_RIGHTS',
      message: expect.stringContaining('  create  pods/exec in namespace teams'),
      hint: expect.stringContaining('--verb=create --resource=pods/exec'),
    });
  });

  it('ask for none of these of who may escalate', async () => {
    fake.put(namespace('teams'), 'namespaces');
    allowAllBut(/"exec"/);
    await preflight({ ...plan, objects: [role] });
  });

  it('let a binding wait for the Role that is made with it', async () => {
    fake.put(namespace('teams'), 'namespaces');
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'vc-a' };
    const binding: KubeObject & { readonly roleRef: object } = { ...role, kind: 'RoleBinding', roleRef };
    fake.override = ({ method, path }) =>
      method === 'PATCH' && path.includes('/rolebindings/') ? status(404, 'NotFound', 'no role') : undefined;
    await preflight({ ...plan, objects: [role, binding] });
    await expect(preflight({ ...plan, objects: [binding] })).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
  });

  it('go on where the namespace may not be read', async () => {
    fake.put(namespace('teams'), 'namespaces');
    fake.override = ({ path }) => (path === '/api/v1/namespaces/teams' ? status(403, 'Forbidden', 'no') : undefined);
    expect(await preflight(plan)).toEqual({ namespaceExists: true, clusterExists: false });
  });

  it('list every missing right, and the commands that grant them', async () => {
    fake.put(namespace('teams'), 'namespaces');
    fake.override = ({ path, body }) => {
      if (!path.endsWith('selfsubjectaccessreviews')) return undefined;
      const asked = JSON.stringify(body);
      const denied = asked.includes('statefulsets') && /"(create|patch)"/.test(asked);
      return { status: 201, body: { status: { allowed: !denied } } };
    };
    await expect(preflight(plan)).rejects.toMatchObject({
      code: 'HOST_RIGHTS',
      message: 'user "jane" lacks rights on the host cluster:\n  create, patch  statefulsets.apps in namespace teams',
      hint: [
        'an administrator of the host cluster can grant it:',
        '  kubectl -n teams create role sublet-operator --verb=create,patch --resource=statefulsets.apps',
        '  kubectl -n teams create rolebinding sublet-operator --role=sublet-operator --user=jane',
      ].join('\n'),
    });
  });

  it('refuse a name that is taken, unless it is to be changed', async () => {
    fake.put(namespace('teams'), 'namespaces');
    fake.put(statefulSet('a', 'teams'), 'statefulsets');
    await expect(preflight(plan)).rejects.toMatchObject({
      code: 'CLUSTER_EXISTS',
      hint: expect.stringContaining('--upgrade'),
    });
    expect(await preflight({ ...plan, upgrade: true })).toMatchObject({ clusterExists: true });
  });

  it.each([
    [
      'a Service of somebody else',
      { ...service('a', 'teams'), metadata: { name: 'a', namespace: 'teams' } },
      'services',
    ],
    ["vCluster's StatefulSet of the same labels", statefulSet('a', 'teams', { spec: {} }), 'statefulsets'],
  ])('never adopt %s', async (_name, object, plural) => {
    fake.put(namespace('teams'), 'namespaces');
    fake.put(object, plural);
    await expect(preflight({ ...plan, upgrade: true })).rejects.toMatchObject({ code: 'OWNERSHIP_CONFLICT' });
  });

  it.each([
    ['no class is the default', undefined, /no default storage class/],
    ['the wanted class is missing', 'fast', /no storage class "fast"/],
  ])('say so where %s', async (_name, wanted, message) => {
    fake.put({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'slow' } }, 'storageclasses');
    await expect(preflight({ ...plan, objects: claims(wanted) })).rejects.toMatchObject({
      code: 'STORAGE_CLASS_MISSING',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/--store ephemeral.*slow/),
    });
  });

  it.each([
    ['the default class', undefined, 'true'],
    ['the wanted class', 'slow', 'false'],
  ])('are content where %s is there', async (_name, wanted, isDefault) => {
    const annotations = { 'storageclass.kubernetes.io/is-default-class': isDefault };
    const found = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'slow', annotations } };
    fake.put(found, 'storageclasses');
    await preflight({ ...plan, objects: claims(wanted) });
  });

  it("explain that the syncer's Role may hold only what its maker holds", async () => {
    fake.put(namespace('teams'), 'namespaces');
    const said = 'roles "x" is forbidden: user "jane" is attempting to grant RBAC permissions not currently held';
    fake.override = ({ method }) => (method === 'PATCH' ? status(403, 'Forbidden', said) : undefined);
    await expect(preflight(plan)).rejects.toMatchObject({
      code: 'HOST_RIGHTS',
      message: expect.stringContaining('the host refuses Service/a: roles "x" is forbidden'),
      hint: expect.stringContaining('escalate'),
    });
  });
});

describe('applying', () => {
  const options = (objects: readonly KubeObject[]) => ({ ...plan, objects: [namespace('teams'), ...objects] });

  it('goes in order', async () => {
    expect(await applyAll(options(plan.objects))).toBe(3);
    expect(fake.writes()).toEqual([
      'PATCH /api/v1/namespaces/teams',
      'PATCH /api/v1/namespaces/teams/services/a',
      'PATCH /apis/apps/v1/namespaces/teams/statefulsets/a',
    ]);
  });

  it('removes what it made when a later object fails, last first, and leaves what was there', async () => {
    fake.put(service('a', 'teams'), 'services');
    fake.override = ({ method, path }) =>
      method === 'PATCH' && path.includes('/statefulsets/') ? status(422, 'Invalid', 'spec is wrong') : undefined;
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'teams' } };
    await expect(applyAll(options([configMap, ...plan.objects]))).rejects.toMatchObject({
      code: 'API_ERROR',
      message: 'the host refuses StatefulSet/a: spec is wrong',
      hint: 'nothing of it was kept',
    });
    expect(fake.writes().filter((write) => write.startsWith('DELETE'))).toEqual([
      'DELETE /api/v1/namespaces/teams/configmaps/c',
      'DELETE /api/v1/namespaces/teams',
    ]);
    expect([...fake.objects.values()].map((object) => object.kind)).toEqual(['Service']);
  });

  it('names what it could not remove again', async () => {
    fake.override = ({ method, path }) =>
      method === 'DELETE' || path.includes('/statefulsets/') ? status(500, 'InternalError', 'broken') : undefined;
    await expect(applyAll(options(plan.objects))).rejects.toMatchObject({
      hint: 'these could not be removed again: Service/a, Namespace/teams',
    });
  });

  it('removes what it made when it is stopped half-way', async () => {
    const stop = new AbortController();
    const onObject = (object: KubeObject) => object.kind === 'Service' && stop.abort();
    const run = applyAll({ ...options(plan.objects), signal: stop.signal, onObject });
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED', hint: 'nothing of it was kept' });
    expect(fake.objects.size).toBe(0);
  });
});
