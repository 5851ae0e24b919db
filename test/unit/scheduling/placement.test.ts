import type { NodesOptions } from '../../../lib';
import { toHostPod } from '../../../syncer/pods';
import { hadHostPod } from '../../../syncer/pods/bound';
import type { PodSpec } from '../../../syncer/pods/types';
import { placedBy } from '../../../syncer/scheduling/placed-by';
import { sectionsOf } from '../engine/sections';
import { conditions, podContext, translated, virtualPod } from '../pods/fixtures';

const selector = { pool: 'tenant-a' };
const context = (nodes: NodesOptions) => podContext({ sections: sectionsOf({ nodes, isolation: { level: 'off' } }) });
const own = context({ mode: 'all', scheduling: { by: 'own' } });
const restricted = context({ mode: 'selected', selector });
const forced = { key: 'pool', operator: 'In', values: ['tenant-a'] };
const onNode = { key: 'metadata.name', operator: 'In', values: ['node-1'] };
const expression = { key: 'disk', operator: 'In', values: ['ssd'] };

const required = (nodeSelectorTerms: object[]): Partial<PodSpec> => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const termsOf = (spec: Partial<PodSpec>, ctx = restricted) =>
  translated(virtualPod({ spec }), ctx).spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms;

describe('pods that must stay on the selected nodes', () => {
  it.each<[what: string, spec: Partial<PodSpec>, terms: object[]]>([
    ['that say nothing', {}, [{ matchExpressions: [forced] }]],
    [
      'in each of their alternatives',
      required([{ matchExpressions: [expression] }, { matchFields: [onNode] }]),
      [{ matchExpressions: [expression, forced] }, { matchExpressions: [forced], matchFields: [onNode] }],
    ],
    ['that match no node', required([{}]), [{}]],
    [
      'with an alternative that matches no node',
      required([{}, { matchExpressions: [expression] }]),
      [{ matchExpressions: [expression, forced] }],
    ],
    ['that name their node', { nodeName: 'node-1' }, [{ matchExpressions: [forced], matchFields: [onNode] }]],
  ])('%s', (_what, spec, terms) => {
    expect(termsOf(spec)).toEqual(terms);
  });

  it('can narrow the choice by their own selector and never widen it', () => {
    const { nodeSelector } = translated(virtualPod({ spec: { nodeSelector: { pool: 'tenant-b' } } }), restricted).spec;
    expect(nodeSelector).toEqual({ pool: 'tenant-b' });
    expect(termsOf({ nodeSelector: { pool: 'tenant-b' } })).toEqual([{ matchExpressions: [forced] }]);
  });

  it('are free where the host may place them anywhere', () => {
    expect(termsOf({}, context({ mode: 'selected', selector, scheduling: { by: 'host' } }))).toBeUndefined();
  });
});

describe("pods that a scheduler of the cluster's own places", () => {
  const wishes: Partial<PodSpec> = {
    nodeSelector: { mine: 'yes' },
    ...required([{ matchExpressions: [expression] }]),
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  };

  it('stay away from the host until they have a node', () => {
    expect(toHostPod(virtualPod(), own)).toEqual({
      kind: 'wait',
      reason: 'the scheduler default-scheduler has not chosen a node',
    });
  });

  it('get that node on the host, whose scheduler still checks room and taints', () => {
    const { nodeName, nodeSelector, affinity, topologySpreadConstraints, tolerations } = translated(
      virtualPod({ spec: { ...wishes, nodeName: 'node-1' } }),
      own,
    ).spec;
    expect({ nodeName, nodeSelector, topologySpreadConstraints }).toEqual({});
    expect(affinity).toEqual(required([{ matchFields: [onNode] }]).affinity);
    expect(tolerations).toEqual(wishes.tolerations);
  });

  it('stay on the selected nodes, whatever node a tenant makes up', () => {
    const ctx = context({ mode: 'selected', selector, scheduling: { by: 'own' } });
    expect(termsOf({ nodeName: 'node-1' }, ctx)).toEqual([{ matchExpressions: [forced], matchFields: [onNode] }]);
  });
});

it.each<[schedulerName: string | undefined, nodes: NodesOptions, by: string]>([
  [undefined, { mode: 'fake' }, 'host'],
  ['default-scheduler', { mode: 'fake' }, 'host'],
  ['mine', { mode: 'fake' }, 'cluster'],
  ['default-scheduler', { mode: 'all', scheduling: { by: 'own' } }, 'cluster'],
])('a pod for the scheduler %s with %j is placed by the %s', (schedulerName, nodes, by) => {
  const pod = virtualPod({ spec: schedulerName === undefined ? {} : { schedulerName } });
  expect(placedBy(pod, sectionsOf({ nodes }).nodes)).toBe(by);
});

describe('whether a bound pod had a pod on the host', () => {
  const scheduled = { conditions: conditions({ PodScheduled: 'True' }) };
  const bound = virtualPod({ spec: { nodeName: 'node-1' }, status: scheduled });
  const started = virtualPod({ spec: { nodeName: 'node-1' }, status: { startTime: '2026-01-01T00:00:00Z' } });

  it('follows from the binding where the host has chosen the node', () => {
    expect([bound, started].map((pod) => hadHostPod(pod, 'host'))).toEqual([true, true]);
  });

  it('follows from its start where the cluster has: it is bound before the host knows of it', () => {
    expect([bound, started].map((pod) => hadHostPod(pod, 'cluster'))).toEqual([false, true]);
  });
});
