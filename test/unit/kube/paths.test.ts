import { listPath, objectPath, watchPath } from '../../../syncer/kube/paths';
import { RESOURCES } from '../../../syncer/kube/resources';

describe('paths of the API', () => {
  it.each([
    [objectPath(RESOURCES.pods, 'default', 'web-0'), '/api/v1/namespaces/default/pods/web-0'],
    [objectPath(RESOURCES.pods, 'a', 'b', 'binding'), '/api/v1/namespaces/a/pods/b/binding'],
    [objectPath(RESOURCES.nodes, undefined, 'n.1'), '/api/v1/nodes/n.1'],
    [objectPath(RESOURCES.nodes, 'ignored', 'n1'), '/api/v1/nodes/n1'],
    [objectPath(RESOURCES.leases, 'ns', 'l'), '/apis/coordination.k8s.io/v1/namespaces/ns/leases/l'],
    [
      objectPath(RESOURCES.clusterRoles, undefined, 'system:a/b'),
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aa%2Fb',
    ],
    [listPath(RESOURCES.pods, {}, { limit: 500 }), '/api/v1/pods?limit=500'],
    [
      listPath(RESOURCES.pods, { namespace: 'x', labelSelector: 'a=b,c' }, { limit: 1, continue: 'to/ken' }),
      '/api/v1/namespaces/x/pods?labelSelector=a%3Db%2Cc&limit=1&continue=to%2Fken',
    ],
    [
      watchPath(RESOURCES.pods, { resourceVersion: '7', timeoutSeconds: 300 }),
      '/api/v1/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=7',
    ],
    [
      watchPath(RESOURCES.pods, { sendInitialEvents: true, timeoutSeconds: 300 }),
      '/api/v1/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    ],
  ])('%s', (path, expected) => {
    expect(path).toBe(expected);
  });

  it.each(['', '.', '..'])('refuses the name "%s", by which a deletion would reach a whole collection', (name) => {
    expect(() => objectPath(RESOURCES.pods, 'default', name)).toThrow(
      expect.objectContaining({ code: 'NAME_INVALID' }),
    );
  });

  it('refuses a namespaced object without a namespace', () => {
    expect(() => objectPath(RESOURCES.pods, undefined, 'a')).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
  });
});
