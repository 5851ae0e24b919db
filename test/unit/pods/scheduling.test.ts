import type { PodAffinityTerm, TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { LABELS } from '../../../lib/contract';
import { type PodSpec, toHostPod } from '../../../syncer/pods';
import { NO_HOST_CLASSES } from '../../../syncer/pods/host-classes';
import { conditions, podContext, translated, virtualPod } from './fixtures';

const app = 'vcluster.loft.sh/label-my-vcluster-x-a172cedcae';
const nsName = 'vcluster.loft.sh/ns-label-my-vcluster-x-cf1227b7b2';
const metaName = 'kubernetes.io/metadata.name';
const managed = { [LABELS.managedBy]: 'my-vcluster' };
const here = { ...managed, [LABELS.namespace]: 'default' };
const labelSelector = { matchLabels: { app: 'web' } };
const inNamespaces = (operator: string, ...values: string[]) => ({ key: LABELS.namespace, operator, values });
const outcome = (spec: Partial<PodSpec>) => toHostPod(virtualPod({ spec }), podContext());

describe('pod affinity on the host', () => {
  const termsOf = (
    term: Partial<PodAffinityTerm> & { matchLabelKeys?: string[] },
    kind: 'podAffinity' | 'podAntiAffinity' = 'podAntiAffinity',
  ) => {
    const rules = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', ...term }] };
    const host = translated(virtualPod({ spec: { affinity: { [kind]: rules } } })).spec.affinity?.[kind];
    return host?.requiredDuringSchedulingIgnoredDuringExecution;
  };

  it.each<[string, Parameters<typeof termsOf>[0], object[]]>([
    ["the pod's own namespace", { labelSelector }, [{ matchLabels: { [app]: 'web', ...here } }]],
    ['all pods of its namespace', { labelSelector: {} }, [{ matchLabels: here }]],
    [
      'the namespaces listed',
      { labelSelector, namespaces: ['a', 'b'] },
      [{ matchLabels: { [app]: 'web', ...managed }, matchExpressions: [inNamespaces('In', 'a', 'b')] }],
    ],
    [
      'the namespaces selected',
      { labelSelector, namespaceSelector: { matchLabels: { [metaName]: 'a' } } },
      [{ matchLabels: { [app]: 'web', [nsName]: 'a', ...managed } }],
    ],
    ['all namespaces', { labelSelector, namespaceSelector: {} }, [{ matchLabels: { [app]: 'web', ...managed } }]],
    [
      'namespaces listed and selected, by two disjoint terms',
      { labelSelector, namespaces: ['b'], namespaceSelector: { matchLabels: { [metaName]: 'a' } } },
      [
        { matchLabels: { [app]: 'web', ...managed }, matchExpressions: [inNamespaces('In', 'b')] },
        { matchLabels: { [app]: 'web', [nsName]: 'a', ...managed }, matchExpressions: [inNamespaces('NotIn', 'b')] },
      ],
    ],
  ])('looks at %s', (_what, term, selectors) => {
    expect(termsOf(term)).toEqual(selectors.map((selector) => ({ topologyKey: 'zone', labelSelector: selector })));
  });

  it('goes on matching nothing without a selector', () => {
    expect(termsOf({ namespaces: ['a'] })).toEqual([{ topologyKey: 'zone' }]);
  });

  it('leaves out label keys that the virtual API server has resolved', () => {
    const resolved = { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] };
    expect(termsOf({ labelSelector: resolved, matchLabelKeys: ['app'] })?.[0]).not.toHaveProperty('matchLabelKeys');
    expect(termsOf({ labelSelector: {}, matchLabelKeys: ['app'] })?.[0]).toHaveProperty('matchLabelKeys', [app]);
  });

  it('keeps the weights of preferences', () => {
    const preferred = [{ weight: 7, podAffinityTerm: { topologyKey: 'zone', labelSelector } }];
    const affinity = { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
    expect(translated(virtualPod({ spec: { affinity } })).spec.affinity).toEqual({
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 7,
            podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchLabels: { [app]: 'web', ...here } } },
          },
        ],
      },
    });
  });

  it('refuses a required term over namespaces listed and selected, which no host term can say', () => {
    const term = {
      topologyKey: 'zone',
      labelSelector,
      namespaces: ['b'],
      namespaceSelector: { matchLabels: { a: 'b' } },
    };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    expect(outcome({ affinity })).toMatchObject({
      kind: 'refused',
      field: 'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespaceSelector',
    });
  });
});

describe('topology spread on the host', () => {
  const spreadOf = (constraint: Partial<TopologySpreadConstraint>) =>
    translated(
      virtualPod({
        spec: {
          topologySpreadConstraints: [
            { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', ...constraint },
          ],
        },
      }),
    ).spec.topologySpreadConstraints?.[0];

  it('counts the pods of the virtual namespace', () => {
    expect(spreadOf({ labelSelector, minDomains: 2 })).toEqual({
      maxSkew: 1,
      minDomains: 2,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { [app]: 'web', ...here } },
    });
  });

  it('goes on counting nothing without a selector', () => {
    expect(spreadOf({})).not.toHaveProperty('labelSelector');
  });
});

describe('the choice of a node', () => {
  const onNode = { key: 'metadata.name', operator: 'In', values: ['node-1'] };
  const expression = { key: 'disk', operator: 'In', values: ['ssd'] };

  it.each<[string, Partial<PodSpec>, object]>([
    ['becomes a requirement', {}, [{ matchFields: [onNode] }]],
    [
      'joins every term of the tenant',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [expression] }, { matchFields: [onNode] }],
            },
          },
        },
      },
      [{ matchExpressions: [expression], matchFields: [onNode] }, { matchFields: [onNode, onNode] }],
    ],
  ])('%s', (_what, spec, terms) => {
    const host = translated(virtualPod({ spec: { nodeName: 'node-1', ...spec } })).spec;
    expect(host.nodeName).toBeUndefined();
    expect(host.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms).toEqual(
      terms,
    );
  });

  it('is refused for a node that the virtual cluster does not have', () => {
    expect(outcome({ nodeName: 'infra' })).toMatchObject({ kind: 'refused', field: 'spec.nodeName' });
  });

  it('is kept by a bound pod whose node has gone', () => {
    const bound = virtualPod({
      spec: { nodeName: 'gone' },
      status: { conditions: conditions({ PodScheduled: 'True' }) },
    });
    expect(toHostPod(bound, podContext()).kind).toBe('object');
  });

  it('is left to the scheduler that the pod names', () => {
    expect(outcome({ schedulerName: 'mine' })).toMatchObject({ kind: 'wait' });
    expect(translated(virtualPod({ spec: { schedulerName: 'mine', nodeName: 'node-1' } })).spec).not.toHaveProperty(
      'schedulerName',
    );
  });

  it('keeps selectors, tolerations and runtime class, and hides the names of gates', () => {
    const spec = { nodeSelector: { disk: 'ssd' }, tolerations: [{ operator: 'Exists' }], runtimeClassName: 'gvisor' };
    const offered = { ...NO_HOST_CLASSES, runtimeClass: () => true };
    const pod = virtualPod({ spec: { ...spec, schedulingGates: [{ name: 'example.com/gate' }] } });
    const host = translated(pod, podContext({ hostClasses: offered })).spec;
    expect(host).toMatchObject(spec);
    expect(host.schedulingGates).toEqual([{ name: expect.stringMatching(/^sublet\.dev\/gate-[0-9a-f]{10}$/) }]);
  });
});
