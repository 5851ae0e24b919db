import fc from 'fast-check';
import { ANNOTATIONS } from '../../../lib/contract';
import { type Pod, type PodSpec, podChanges } from '../../../syncer/pods';
import { hostPod, translated, virtualPod } from './fixtures';

const type = 'application/strategic-merge-patch+json';
const app = 'vcluster.loft.sh/label-my-vcluster-x-a172cedcae';
const second = { metadata: { generation: 2 } };
const moved = { annotations: { [ANNOTATIONS.generation]: '2' } };

/** What an update from `before` to `after` writes, given what the host has made of the pod since. */
function changes(before: Partial<PodSpec>, after: Partial<PodSpec>, onHost: Partial<PodSpec> = {}) {
  const current = hostPod(virtualPod({ spec: before }), { spec: onHost });
  return podChanges(translated(virtualPod({ ...second, spec: after })), current);
}

describe('changes to a host pod', () => {
  it('are none for a pod that has not changed, whatever it is', () => {
    const pods = fc.record({
      labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[a-z]{0,5}$/)),
      image: fc.string(),
      subdomain: fc.option(fc.stringMatching(/^[a-z]{1,5}$/), { nil: undefined }),
      tolerations: fc.array(fc.record({ key: fc.stringMatching(/^[a-z]{1,3}$/), operator: fc.constant('Exists') })),
      generation: fc.option(fc.nat(), { nil: undefined }),
    });
    fc.assert(
      fc.property(pods, ({ labels, image, subdomain, tolerations, generation }) => {
        const spec = { containers: [{ name: 'main', image }], tolerations, ...(subdomain && { subdomain }) };
        const metadata = { labels, ...(generation !== undefined && { generation }) };
        const desired = translated(virtualPod({ metadata, spec }));
        expect(podChanges(desired, desired)).toEqual([]);
      }),
    );
  });

  it('are none for what the host has made of it', () => {
    const v = virtualPod();
    const injected = hostPod(v, {
      spec: {
        containers: [
          { name: 'main', image: 'mirror.local/nginx:1', resources: { limits: { cpu: '1' } } },
          { name: 'istio-proxy' },
        ],
        tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
        schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }],
        nodeName: 'node-1',
      },
    });
    const { labels, annotations } = injected.metadata;
    const metadata = {
      ...injected.metadata,
      labels: { ...labels, 'security.istio.io/tlsMode': 'istio' },
      annotations: { ...annotations, 'sidecar.istio.io/status': '{}' },
    };
    expect(podChanges(translated(v), { ...injected, metadata })).toEqual([]);
  });

  it('follow labels and annotations of ours, and put right what others did to them', () => {
    const before = hostPod(virtualPod({ metadata: { labels: { app: 'old', gone: 'x' } } }));
    const tampered = { ...before.metadata.annotations, [ANNOTATIONS.objectUid]: 'forged' };
    const current: Pod = { ...before, metadata: { ...before.metadata, annotations: tampered } };
    const gone = Object.keys(before.metadata.labels ?? {}).find((key) => before.metadata.labels?.[key] === 'x') ?? '';
    expect(podChanges(translated(virtualPod({ metadata: { labels: { app: 'new' } } })), current)).toEqual([
      {
        kind: 'patch',
        type,
        patch: {
          metadata: {
            labels: { [app]: 'new', [gone]: null },
            annotations: { [ANNOTATIONS.objectUid]: 'uid-1', [ANNOTATIONS.labels]: 'app="new"' },
          },
        },
      },
    ]);
  });

  it.each<[string, Partial<PodSpec>, Partial<PodSpec>, Partial<PodSpec>, object]>([
    [
      'images of containers, by their names',
      { containers: [{ name: 'main', image: 'a:1' }], initContainers: [{ name: 'i', image: 'b:1' }] },
      { containers: [{ name: 'main', image: 'a:2' }], initContainers: [{ name: 'i', image: 'b:2' }] },
      {},
      { containers: [{ name: 'main', image: 'a:2' }], initContainers: [{ name: 'i', image: 'b:2' }] },
    ],
    ['the deadline', {}, { activeDeadlineSeconds: 9 }, {}, { activeDeadlineSeconds: 9 }],
    [
      'tolerations, next to those of the host',
      {},
      { tolerations: [{ key: 'new', operator: 'Exists' }] },
      { tolerations: [{ key: 'hosts', operator: 'Exists' }] },
      {
        tolerations: [
          { key: 'hosts', operator: 'Exists' },
          { key: 'new', operator: 'Exists' },
        ],
      },
    ],
    [
      'durations of tolerations',
      {},
      { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }] },
      { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }] },
      { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }] },
    ],
    [
      'opened gates, and what narrows the nodes of a gated pod',
      { schedulingGates: [{ name: 'a' }] },
      { nodeSelector: { disk: 'ssd' } },
      {},
      {
        nodeSelector: { disk: 'ssd' },
        schedulingGates: [{ name: expect.stringMatching(/^sublet\.dev\/gate-/), $patch: 'delete' }],
      },
    ],
  ])('follow %s', (_what, before, after, onHost, spec) => {
    expect(changes(before, after, onHost)).toEqual([{ kind: 'patch', type, patch: { metadata: moved, spec } }]);
  });

  it('add containers for debugging by their subresource, once', () => {
    const debug = { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] };
    const [first, last] = changes({}, debug);
    expect(first).toMatchObject({
      subresource: 'ephemeralcontainers',
      patch: { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] } },
    });
    expect(last).toEqual({ kind: 'patch', type, patch: { metadata: moved } });
    expect(changes(debug, debug)).toHaveLength(1);
  });

  it('resize containers by their subresource, and write the generation only afterwards', () => {
    const sized = (cpu: string) => ({
      containers: [{ name: 'main', resources: { requests: { cpu, memory: '1Gi' } } }],
    });
    expect(changes(sized('1'), sized('2'))).toEqual([
      {
        kind: 'patch',
        type,
        subresource: 'resize',
        patch: { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '2' } } }] } },
      },
      { kind: 'patch', type, patch: { metadata: moved } },
    ]);
  });

  it('resize the pod as a whole', () => {
    expect(changes({ resources: { limits: { cpu: '1' } } }, { resources: { limits: { cpu: '2' } } })[0]).toMatchObject({
      subresource: 'resize',
      patch: { spec: { resources: { limits: { cpu: '2' } } } },
    });
  });
});
