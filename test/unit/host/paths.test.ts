import { objectPath } from '../../../host/access/apply';
import { isReadyNode } from '../../../host/lifecycle/node';
import { cacheDirectory, hostPaths } from '../../../host/paths';

it.each([
  [{ SUBLET_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
  [{ XDG_CACHE_HOME: '/x' }, '/x/sublet'],
])('with %p the cache is at %s', (environment, expected) => expect(cacheDirectory(environment)).toBe(expected));

it.each(['default', 'a', 'team-1', 'x'.repeat(30)])('%s may name a host', (name) => {
  expect(hostPaths(name)).toMatchObject({ networkNamespace: `sublet-${name}`, nodeName: `${name}-1` });
});

it.each(['', 'A', '-a', 'a-', 'a/b', '..', 'a.b', 'x'.repeat(31)])('%p may not', (name) => {
  expect(() => hostPaths(name)).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
});

it.each([
  ['v1', 'Service', 'kube-system', '/api/v1/namespaces/kube-system/services/x'],
  ['storage.k8s.io/v1', 'StorageClass', undefined, '/apis/storage.k8s.io/v1/storageclasses/x'],
  ['discovery.k8s.io/v1', 'EndpointSlice', 'n', '/apis/discovery.k8s.io/v1/namespaces/n/endpointslices/x'],
])('%s %s is applied to its path', (apiVersion, kind, namespace, path) => {
  const metadata = { name: 'x', ...(namespace === undefined ? {} : { namespace }) };
  expect(objectPath({ apiVersion, kind, metadata })).toBe(path);
});

describe('a node', () => {
  const ready = { type: 'Ready', status: 'True', lastHeartbeatTime: '2026-01-01T10:00:05Z' };

  it.each([
    ['is ready', { status: { conditions: [ready] } }, undefined, true],
    ['is not', { status: { conditions: [{ ...ready, status: 'False' }] } }, undefined, false],
    [
      'refuses pods',
      { spec: { taints: [{ key: 'node.kubernetes.io/not-ready' }] }, status: { conditions: [ready] } },
      undefined,
      false,
    ],
    ['told so in the same second', { status: { conditions: [ready] } }, new Date('2026-01-01T10:00:05.900Z'), true],
    [
      'told so before its kubelet started',
      { status: { conditions: [ready] } },
      new Date('2026-01-01T10:00:06Z'),
      false,
    ],
    ['has no status', {}, undefined, false],
    ['is an error', 'not found', undefined, false],
  ])('that %s', (_, node, since, expected) => expect(isReadyNode(node, since)).toBe(expected));
});
