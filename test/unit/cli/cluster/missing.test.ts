import { type ControlPlaneFacts, describeMissing } from '../../../../cli/cluster/missing';
import { LABELS, SYNCER_ENV } from '../../../../lib/contract';
import { READY, statefulSet } from '../support/objects';

type PodFact = ControlPlaneFacts['pods'][number];
type Status = NonNullable<PodFact['status']>;

const pod = (status: Status): PodFact => ({ metadata: { name: 'a-0' }, status });
const waiting = (reason: string, message?: string): Status => ({
  containerStatuses: [
    {
      name: 'kine',
      image: '',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason, ...(message !== undefined && { message }) } },
    },
  ],
});
const running = { name: 'kine', image: '', imageID: '', ready: false, restartCount: 0, state: { running: {} } };
/** A control plane whose syncer waits for these sections. */
const requiring = (sections: string) =>
  statefulSet('a', 'teams', {
    spec: {
      replicas: 1,
      template: {
        spec: { containers: [{ name: 'syncer', env: [{ name: SYNCER_ENV.requiredSections, value: sections }] }] },
      },
    },
  });
const section = (name: string) => ({ metadata: { name, labels: { [LABELS.section]: name } } });
const facts = (over: Partial<ControlPlaneFacts>): ControlPlaneFacts => ({
  controlPlane: statefulSet('a', 'teams'),
  pods: [],
  claims: [],
  sections: [],
  events: [],
  kubeconfigReady: true,
  ...over,
});

describe('what a virtual cluster lacks', () => {
  it.each<[string, Partial<ControlPlaneFacts>, readonly string[]]>([
    ['nothing when it is ready', { controlPlane: statefulSet('a', 'teams', READY) }, []],
    ['everything when it is gone', { controlPlane: undefined }, ['its StatefulSet does not exist']],
    [
      'policies that it requires, before what follows from that',
      {
        controlPlane: requiring('core,nodes,endpoint'),
        sections: [section('core')],
        pods: [pod({ containerStatuses: [running] })],
      },
      [
        'no policy declares its nodes yet, which it requires',
        'no policy declares its endpoint yet, which it requires',
        'kine not ready yet',
      ],
    ],
    [
      'a section of its own that somebody has deleted',
      { controlPlane: requiring('core'), pods: [pod({ containerStatuses: [running] })] },
      ['its ConfigMap with the section core does not exist', 'kine not ready yet'],
    ],
    [
      'nothing of sections where they may not be read',
      { controlPlane: requiring('core'), sections: undefined, pods: [pod({ containerStatuses: [running] })] },
      ['kine not ready yet'],
    ],
    [
      'a status that is up to date: an old one counts for nothing',
      {
        controlPlane: statefulSet('a', 'teams', {
          status: { observedGeneration: 0, readyReplicas: 1 },
          metadata: { name: 'a', generation: 2 },
        }),
      },
      ['pod a-0 is not created yet'],
    ],
    [
      'a pod of the new kind, after a change: the old one, though ready, is about to go',
      {
        controlPlane: statefulSet('a', 'teams', {
          status: { observedGeneration: 1, readyReplicas: 1, currentRevision: 'old', updateRevision: 'new' },
        }),
        pods: [pod({ conditions: [{ type: 'Ready', status: 'True' }] })],
      },
      ['its pod is not ready yet'],
    ],
    [
      'its pod, and the event that says why',
      {
        events: [
          {
            type: 'Warning',
            reason: 'FailedCreate',
            message: 'exceeded quota: pods=1\nmore',
            involvedObject: { kind: 'StatefulSet', name: 'a' },
          },
        ],
      },
      ['pod a-0 is not created: exceeded quota: pods=1'],
    ],
    [
      'a node',
      {
        pods: [pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] })],
        claims: [{ metadata: { name: 'data-a-0' }, status: { phase: 'Pending' } }],
      },
      ["pod a-0 can't be scheduled: 0/1 nodes are available", 'volume claim data-a-0 is Pending'],
    ],
    [
      'an image',
      { pods: [pod(waiting('ImagePullBackOff', 'Back-off pulling image "x"'))] },
      ['container kine waits (ImagePullBackOff): Back-off pulling image "x"'],
    ],
    [
      'only time, so it says where it is',
      { pods: [pod({ phase: 'Pending', ...waiting('PodInitializing') })] },
      ['pod a-0 is Pending'],
    ],
    [
      'readiness of containers that start, whatever their probes say meanwhile',
      {
        pods: [pod({ containerStatuses: ['kine', 'syncer'].map((name) => ({ ...running, name })) })],
        events: [
          {
            type: 'Warning',
            reason: 'Unhealthy',
            message: 'Readiness probe failed',
            involvedObject: { kind: 'Pod', name: 'a-0' },
          },
        ],
      },
      ['kine, syncer not ready yet'],
    ],
    [
      'a container that stays up',
      { pods: [pod({ containerStatuses: [{ ...running, restartCount: 3 }] })] },
      ['container kine is not ready, after 3 restarts'],
    ],
    [
      'the kubeconfig',
      { controlPlane: statefulSet('a', 'teams', READY), kubeconfigReady: false },
      ['the syncer has not written the kubeconfig yet'],
    ],
    ['replicas', { controlPlane: statefulSet('a', 'teams', { spec: { replicas: 0 } }) }, ['it is scaled to zero']],
  ])('%s', (_name, over, expected) => {
    expect(describeMissing(facts(over))).toEqual(expected);
  });
});
