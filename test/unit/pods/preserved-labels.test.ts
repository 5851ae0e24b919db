import type { PodSpec } from '../../../syncer/pods';
import { toHostService } from '../../../syncer/services/translate';
import { toHostBudget } from '../../../syncer/workloads/pod-disruption-budget';
import { sectionsOf } from '../engine/sections';
import { podContext, translated, virtualPod } from './fixtures';

const ctx = podContext({ sections: sectionsOf({ sync: { labels: { preserve: ['*'] } } }) });
const labels = { app: 'web', release: 'one' };
const RELEASE = 'vcluster.loft.sh/label-my-vcluster-x-a4d451ec23';
const onHost = { app: 'web', [RELEASE]: 'one' };
const scope = { 'vcluster.loft.sh/managed-by': 'my-vcluster', 'vcluster.loft.sh/namespace': 'default' };
const metadata = { name: 'web', namespace: 'default', uid: 'u', generation: 1 };

/*
 * With all labels preserved, whatever selects must go on finding the pods: the one label that is hashed all the same is
 * hashed in the selector too.
 */
describe('a selector follows preserved labels', () => {
  const term = { topologyKey: 'zone', labelSelector: { matchLabels: labels } };
  const spec: Partial<PodSpec> = {
    affinity: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }] },
    },
    topologySpreadConstraints: [{ ...term, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
    containers: [
      {
        name: 'a',
        image: 'a',
        env: ['app', 'release'].map((key) => ({
          name: key.toUpperCase(),
          valueFrom: { fieldRef: { fieldPath: `metadata.labels['${key}']` } },
        })),
      },
    ],
  };
  const pod = translated(virtualPod({ metadata: { ...metadata, labels }, spec }), ctx);

  it('on the pod itself', () => {
    expect(pod.metadata.labels).toMatchObject({ ...onHost, ...scope });
  });

  it('in affinity and spread', () => {
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
    const selectors = [
      podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.[0]?.labelSelector,
      podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.[0]?.podAffinityTerm.labelSelector,
      pod.spec.topologySpreadConstraints?.[0]?.labelSelector,
    ];
    expect(selectors.map((selector) => selector?.matchLabels)).toEqual(Array(3).fill({ ...onHost, ...scope }));
  });

  it('in the downward API', () => {
    const paths = pod.spec.containers[0]?.env?.flatMap(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath ?? []);
    expect(paths).toEqual(["metadata.labels['app']", `metadata.labels['${RELEASE}']`]);
  });

  it('of a Service', () => {
    const service = toHostService({ metadata, spec: { selector: labels, ports: [{ port: 1 }] } }, ctx);
    expect(service).toMatchObject({ kind: 'object', object: { spec: { selector: { ...onHost, ...scope } } } });
  });

  it('of a disruption budget', () => {
    const budget = toHostBudget({ metadata, spec: { minAvailable: 1, selector: { matchLabels: labels } } }, ctx);
    expect(budget).toMatchObject({
      kind: 'object',
      object: { spec: { selector: { matchLabels: { ...onHost, ...scope } } } },
    });
  });
});
