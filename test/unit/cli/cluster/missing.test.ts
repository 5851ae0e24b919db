import { type ControlPlaneFacts, describeMissing } from '../../../../cli/cluster/missing';
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
const facts = (over: Partial<ControlPlaneFacts>): ControlPlaneFacts => ({
  controlPlane: statefulSet('a', 'teams'),
  pods: [],
  claims: [],
  events: [],
  kubeconfigReady: true,
  ...over,
});

describe('what a virtual cluster lacks', () => {
  it.each<[string, Partial<ControlPlaneFacts>, readonly string[]]>([
    ['nothing when it is ready', { controlPlane: statefulSet('a', 'teams', READY) }, []],
    ['everything when it is gone', { controlPlane: undefined }, ['its StatefulSet does not exist']],
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
