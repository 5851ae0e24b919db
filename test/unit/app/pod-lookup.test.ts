import { ANNOTATIONS } from '../../../lib/contract';
import { BY_NODE } from '../../../syncer/app/caches';
import { podLookup } from '../../../syncer/app/pod-lookup';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { Pod } from '../../../syncer/pods';
import { MemoryApi } from '../engine/memory-api';
import { hostPod, type PodWishes, podContext, virtualPod } from '../pods/fixtures';

const { pods } = RESOURCES;
const CONTEXT = podContext();
const NGINX = virtualPod({ spec: { nodeName: 'worker-1' } });

/** What the kubelet API knows of pods, with these two and another pod on another node. */
function looking(virtual: Pod | undefined, host: Pod | undefined) {
  const sides = [new MemoryApi('virtual'), new MemoryApi('host')] as const;
  const indexers = { [BY_NODE]: ({ spec }: Pod) => (spec.nodeName ? [spec.nodeName] : []) };
  if (virtual !== undefined) sides[0].put(pods, virtual);
  sides[0].put(pods, virtualPod({ metadata: { name: 'other', uid: 'uid-9' }, spec: { nodeName: 'worker-2' } }));
  if (host !== undefined) sides[1].put(pods, host);
  const side = (api: MemoryApi) => new Side(api.cache<Pod>(pods, { indexers }), api);
  return podLookup(CONTEXT, side(sides[0]), side(sides[1]));
}

const copied = (wishes: PodWishes = {}) => hostPod(virtualPod(), wishes);
const { annotations = {} } = copied().metadata;

describe('the kubelet API finds', () => {
  it("a virtual pod's host pod, and its containers", () => {
    const pod = virtualPod({
      spec: {
        initContainers: [{ name: 'init', image: 'a' }],
        ephemeralContainers: [{ name: 'debugger', image: 'a' }],
      },
    });
    expect(looking(pod, copied()).find('default', 'nginx', 'uid-1')).toEqual({
      hostName: 'nginx-x-default-x-my-vcluster',
      hostNamespace: 'team-a',
      containers: ['main', 'init', 'debugger'],
    });
    expect(looking(pod, copied()).find('default', 'nginx')).toBeDefined();
  });

  it('none of the helpers that only the host pod has', () => {
    const host = copied({ spec: { initContainers: [{ name: 'hosts', image: 'a' }] } });
    expect(looking(NGINX, host).find('default', 'nginx')?.containers).toEqual(['main']);
  });

  it.each<[string, Pod | undefined, Pod | undefined]>([
    ['has no virtual one', undefined, copied()],
    ['does not exist', NGINX, undefined],
    [
      'is of an earlier pod of the same name',
      NGINX,
      copied({ metadata: { annotations: { ...annotations, [ANNOTATIONS.objectUid]: 'uid-0' } } }),
    ],
    ['is not ours', NGINX, copied({ metadata: { ownerReferences: [] } })],
    [
      'names another virtual pod',
      NGINX,
      copied({ metadata: { annotations: { ...annotations, [ANNOTATIONS.objectName]: 'db' } } }),
    ],
  ])('nothing when the host pod %s', (_case, virtual, host) => {
    expect(looking(virtual, host).find('default', 'nginx')).toBeUndefined();
  });

  it('nothing when it is asked for another UID, or in another namespace', () => {
    const lookup = looking(NGINX, copied());
    expect(lookup.find('default', 'nginx', 'uid-0')).toBeUndefined();
    expect(lookup.find('team-a', 'nginx')).toBeUndefined();
  });

  it('the virtual pods of one node, or of all when it is not known which one is asked', () => {
    const names = (node: string | undefined) =>
      looking(NGINX, copied())
        .list(node)
        .map(({ metadata }) => metadata.name);
    expect(names('worker-1')).toEqual(['nginx']);
    expect(names('worker-3')).toEqual([]);
    expect(names(undefined)).toEqual(['nginx', 'other']);
  });
});
