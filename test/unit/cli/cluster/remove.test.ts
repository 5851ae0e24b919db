import { hasRemains, removeCluster } from '../../../../cli/cluster/remove';
import { type Api, createApi } from '../../../../cli/kube/api';
import type { KubeObject } from '../../../../cli/kube/types';
import { controlPlaneLabels } from '../../../../lib/contract';
import { type FakeApi, startFakeApi } from '../support/fake-api';
import { namespace, service, statefulSet } from '../support/objects';

let fake: FakeApi;
let api: Api;
beforeEach(async () => {
  fake = await startFakeApi();
  api = createApi(fake.context);
  fake.put(namespace('teams', { 'sublet.dev/created-for': 'a' }), 'namespaces');
  fake.put(statefulSet('a', 'teams'), 'statefulsets');
  fake.put(service('a', 'teams'), 'services');
  fake.put(object('Pod', 'web-x-default-x-a', { 'vcluster.loft.sh/managed-by': 'a' }), 'pods');
  fake.put(object('ConfigMap', 'a-config-core', { 'sublet.dev/config-of': 'a' }), 'configmaps');
  fake.put(object('Secret', 'vc-a', {}), 'secrets');
  fake.put(object('Secret', 'a-certs', {}), 'secrets');
  fake.put(object('PersistentVolumeClaim', 'data-a-0', controlPlaneLabels('a')), 'persistentvolumeclaims');
});
afterEach(async () => {
  api.close();
  await fake[Symbol.asyncDispose]();
});

const object = (kind: string, name: string, labels: { readonly [key: string]: string }): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'teams', labels },
});
const remove = (over: { readonly keepData?: boolean; readonly timeoutMs?: number } = {}) => {
  const signal = new AbortController().signal;
  return removeCluster({ api, name: 'a', namespace: 'teams', keepData: false, timeoutMs: 5000, signal, ...over });
};
const left = () => [...fake.objects.values()].map(({ kind, metadata }) => `${kind}/${metadata?.name}`);

describe('removing a virtual cluster', () => {
  it('leaves nothing of it, and takes the namespace that was made for it along', async () => {
    expect(await remove()).toEqual({ kind: 'deleted' });
    expect(left()).toEqual([]);
  });

  it('begins with the namespace that goes too, so that nothing new can be made in it', async () => {
    await remove();
    expect(fake.writes().slice(0, 3)).toEqual([
      'DELETE /api/v1/namespaces/teams',
      'DELETE /apis/apps/v1/namespaces/teams/statefulsets/a',
      'DELETE /api/v1/namespaces/teams/pods/web-x-default-x-a',
    ]);
  });

  it("begins with the syncer's rights where the namespace stays", async () => {
    fake.put(namespace('teams'), 'namespaces');
    const binding = object('RoleBinding', 'vc-a', controlPlaneLabels('a'));
    fake.put({ ...binding, apiVersion: 'rbac.authorization.k8s.io/v1' }, 'rolebindings');
    await remove();
    expect(fake.writes().slice(0, 3)).toEqual([
      'DELETE /apis/rbac.authorization.k8s.io/v1/namespaces/teams/rolebindings/vc-a',
      'DELETE /apis/apps/v1/namespaces/teams/statefulsets/a',
      'DELETE /api/v1/namespaces/teams/pods/web-x-default-x-a',
    ]);
  });

  it.each([
    ['runs', { phase: 'Running', containerStatuses: [{ state: { running: {} } }] }, 1],
    ['still pulls its first image', { phase: 'Pending', initContainerStatuses: [{ state: { waiting: {} } }] }, 0],
    ['is past its init container', { phase: 'Pending', initContainerStatuses: [{ state: { terminated: {} } }] }, 1],
  ])('gives a control plane that %s no more time than it needs', async (_, podStatus, seconds) => {
    const pod: KubeObject & { readonly status: object } = {
      ...object('Pod', 'a-0', controlPlaneLabels('a')),
      status: podStatus,
    };
    fake.put(pod, 'pods');
    await remove();
    const deletion = fake.seen.find(({ method, path }) => method === 'DELETE' && path.endsWith('/pods/a-0'));
    expect(deletion?.body).toMatchObject({ gracePeriodSeconds: seconds });
  });

  it('sweeps up what the syncer still made before it ended', async () => {
    const late = object('Pod', 'late-x-default-x-a', { 'vcluster.loft.sh/managed-by': 'a' });
    fake.override = ({ method, path }) => {
      if (method === 'DELETE' && path.endsWith('/pods/web-x-default-x-a')) fake.put(late, 'pods');
      return undefined;
    };
    await remove();
    expect(left()).toEqual([]);
  });

  it('keeps its data when asked, and so the namespace', async () => {
    expect(await remove({ keepData: true })).toEqual({
      kind: 'kept',
      reason: 'it still holds PersistentVolumeClaim/data-a-0',
    });
    expect(left()).toEqual(['Namespace/teams', 'PersistentVolumeClaim/data-a-0']);
  });

  it('touches nothing that is of another', async () => {
    const others = [
      object('Pod', 'theirs', {}),
      object('Pod', 'web-x-default-x-b', { 'vcluster.loft.sh/managed-by': 'b' }),
      object('ConfigMap', 'b-config-core', { 'sublet.dev/config-of': 'b' }),
    ];
    fake.put(others[0] ?? {}, 'pods');
    fake.put(others[1] ?? {}, 'pods');
    fake.put(others[2] ?? {}, 'configmaps');
    expect(await remove()).toMatchObject({ kind: 'kept', reason: 'it still holds Pod/theirs' });
    expect(left()).toEqual(['Namespace/teams', 'Pod/theirs', 'Pod/web-x-default-x-b', 'ConfigMap/b-config-core']);
  });

  it('leaves a namespace that was there before', async () => {
    fake.put(namespace('teams'), 'namespaces');
    expect(await remove()).toMatchObject({ kind: 'kept' });
    expect(left()).toEqual(['Namespace/teams']);
  });

  it('is no tool for what vCluster made', async () => {
    fake.put(statefulSet('a', 'teams', { spec: {} }), 'statefulsets');
    await expect(remove()).rejects.toMatchObject({ code: 'OWNERSHIP_CONFLICT' });
    expect(fake.writes()).toEqual([]);
  });

  it('removes nothing where it could not remove all', async () => {
    fake.override = ({ path, body }) => {
      if (!path.endsWith('/selfsubjectaccessreviews')) return undefined;
      const allowed = !JSON.stringify(body).includes('secrets');
      return { status: 201, body: { status: { allowed } } };
    };
    await expect(remove()).rejects.toMatchObject({
      code: 'HOST_RIGHTS',
      message: expect.stringContaining('list, delete  secrets in namespace teams'),
    });
    expect(fake.writes()).toEqual([]);
  });

  it('names what does not go away', async () => {
    fake.override = ({ method, path }) =>
      method === 'DELETE' && path.includes('/pods/') ? { status: 200, body: {} } : undefined;
    await expect(remove({ timeoutMs: 400 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('  Pod/web-x-default-x-a'),
      hint: expect.stringContaining('finalizer'),
    });
  });

  it('finds the rest of a removal that broke off', async () => {
    const signal = new AbortController().signal;
    fake.objects.clear();
    expect(await hasRemains(api, 'a', 'teams', signal)).toBe(false);
    fake.put(object('Pod', 'web-x-default-x-a', { 'vcluster.loft.sh/managed-by': 'a' }), 'pods');
    expect(await hasRemains(api, 'a', 'teams', signal)).toBe(true);
  });
});
