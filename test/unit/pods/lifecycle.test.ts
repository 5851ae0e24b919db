import { type Pod, type PodDecision, type PodFacts, podLifecycle } from '../../../syncer/pods';
import { conditions, hostPod, virtualPod } from './fixtures';

const deletedIn = (seconds: number) => ({
  deletionTimestamp: '2026-01-01T00:00:00Z',
  deletionGracePeriodSeconds: seconds,
});
const bound = { conditions: conditions({ PodScheduled: 'True' }) };
const onNode = { spec: { nodeName: 'node-1' }, status: bound };
const virtual = (metadata: Pod['metadata'] = {}, wishes: Parameters<typeof virtualPod>[0] = onNode) =>
  virtualPod({ ...wishes, metadata });
const host = (metadata: Pod['metadata'] = {}, nodeName?: string, status?: Pod['status']) =>
  hostPod(virtualPod(), { metadata, spec: { ...(nodeName && { nodeName }) }, ...(status && { status }) });
const lost = { conditions: conditions({ Ready: 'False', ContainersReady: 'True' }) };

const unconfirmed: PodFacts = {
  virtualAbsence: 'unconfirmed',
  hostAbsence: 'unconfirmed',
  hostBelongs: 'same',
  placedBy: 'host',
};
const confirmed: PodFacts = { ...unconfirmed, virtualAbsence: 'confirmed', hostAbsence: 'confirmed' };
const belongs = (hostBelongs: PodFacts['hostBelongs']): PodFacts => ({ ...confirmed, hostBelongs });

type Case = [
  what: string,
  virtual: Pod | undefined,
  host: Pod | undefined,
  facts: PodFacts,
  decision: Partial<PodDecision>,
];
const nothing: Partial<PodDecision> = { kind: 'nothing' };
const deleteHost = (gracePeriodSeconds: number | undefined) =>
  ({ kind: 'deleteHost', uid: 'host-uid', gracePeriodSeconds }) as const;
const deleteVirtual = (gracePeriodSeconds: number | undefined) =>
  ({ kind: 'deleteVirtual', uid: 'uid-1', gracePeriodSeconds }) as const;

describe('the life of a pod', () => {
  it.each<Case>([
    ['a new pod is created', virtual({}, {}), undefined, unconfirmed, { kind: 'create' }],
    [
      'a new pod that names its node is created',
      virtual({}, { spec: { nodeName: 'node-1' } }),
      undefined,
      unconfirmed,
      { kind: 'create' },
    ],
    [
      'a pod that the host has not scheduled is kept in line',
      virtual({}, {}),
      host(),
      unconfirmed,
      { kind: 'sync', terminating: false },
    ],
    [
      'a pod that the host has scheduled is bound',
      virtual({}, {}),
      host({}, 'node-1'),
      unconfirmed,
      { kind: 'bind', node: 'node-1' },
    ],
    [
      'a pod that its own scheduler has bound is created',
      virtual(),
      undefined,
      { ...confirmed, placedBy: 'cluster' },
      { kind: 'create' },
    ],
    [
      'a pod that its own scheduler has bound waits for an earlier one of its name to go',
      virtual(),
      host(),
      { ...belongs('previous'), placedBy: 'cluster' },
      deleteHost(undefined),
    ],
    [
      'a pod that its own scheduler has bound goes when its host pod has vanished after the start',
      virtual({}, { ...onNode, status: { ...bound, startTime: '2026-01-01T00:00:00Z' } }),
      undefined,
      { ...confirmed, placedBy: 'cluster' },
      deleteVirtual(0),
    ],
    [
      'a pod that its own scheduler has bound stays while the host finds no room for it',
      virtual(),
      host(),
      { ...unconfirmed, placedBy: 'cluster' },
      { kind: 'sync', terminating: false },
    ],
    ['a bound pod is kept in line', virtual(), host({}, 'node-1'), unconfirmed, { kind: 'sync', terminating: false }],
    ['a pod that was bound elsewhere goes', virtual(), host({}, 'node-2'), unconfirmed, deleteVirtual(undefined)],
    [
      'a finished pod needs no host pod',
      virtual({}, { status: { phase: 'Succeeded' } }),
      undefined,
      confirmed,
      nothing,
    ],
    ['nothing is done for a pod that neither side has', undefined, undefined, confirmed, nothing],
  ])('%s', decides);
});

describe('the end of a pod', () => {
  it.each<Case>([
    [
      "the tenant's deletion reaches the host with its grace",
      virtual(deletedIn(20)),
      host({}, 'node-1'),
      unconfirmed,
      deleteHost(20),
    ],
    ['by force it still stops the containers', virtual(deletedIn(0)), host({}, 'node-1'), unconfirmed, deleteHost(1)],
    [
      'a shortened grace reaches the host too',
      virtual(deletedIn(5)),
      host(deletedIn(20), 'node-1'),
      unconfirmed,
      deleteHost(5),
    ],
    [
      'status is copied while the pod ends',
      virtual(deletedIn(20)),
      host(deletedIn(20), 'node-1'),
      unconfirmed,
      { kind: 'sync', terminating: true },
    ],
    [
      'a longer grace changes nothing',
      virtual(deletedIn(30)),
      host(deletedIn(20), 'node-1'),
      unconfirmed,
      { kind: 'sync', terminating: true },
    ],
    [
      'a pod that seems to have ended is looked for on the host',
      virtual(deletedIn(20)),
      undefined,
      unconfirmed,
      { kind: 'confirm', side: 'host' },
    ],
    ['a pod that has ended goes', virtual(deletedIn(20)), undefined, confirmed, deleteVirtual(0)],
    [
      'a finished pod that was deleted goes',
      virtual(deletedIn(20), { status: { phase: 'Failed' } }),
      undefined,
      confirmed,
      deleteVirtual(0),
    ],
    [
      'a pod held by finalizers is not deleted again',
      virtual({ ...deletedIn(0), finalizers: ['example.com/hold'] }),
      undefined,
      confirmed,
      nothing,
    ],
    [
      'a deletion that an API server was killed in is finished',
      virtual(deletedIn(0)),
      undefined,
      confirmed,
      deleteVirtual(0),
    ],
    [
      "the host's deletion (eviction, drain) reaches the tenant with its grace",
      virtual(),
      host(deletedIn(15), 'node-1'),
      unconfirmed,
      deleteVirtual(15),
    ],
    [
      "the host's deletion by force waits for the host pod all the same",
      virtual(),
      host(deletedIn(0), 'node-1'),
      unconfirmed,
      deleteVirtual(1),
    ],
    [
      'a bound pod that vanished from the host is looked for there',
      virtual(),
      undefined,
      unconfirmed,
      { kind: 'confirm', side: 'host' },
    ],
    ['a bound pod that vanished from the host goes', virtual(), undefined, confirmed, deleteVirtual(0)],
    [
      'a started pod that vanished from the host goes',
      virtual({}, { spec: { nodeName: 'node-1' }, status: { startTime: '2026-01-01T00:00:00Z' } }),
      undefined,
      confirmed,
      deleteVirtual(0),
    ],
  ])('%s', decides);
});

describe('a host pod without a virtual one', () => {
  it.each<Case>([
    [
      'is not touched on doubt',
      undefined,
      host(),
      { ...unconfirmed, hostBelongs: 'ours' },
      { kind: 'confirm', side: 'virtual' },
    ],
    ['is stopped with its own grace', undefined, host(), belongs('ours'), deleteHost(undefined)],
    ['is left to end', undefined, host(deletedIn(20)), belongs('ours'), nothing],
    [
      'is removed by force from a lost node',
      undefined,
      host(deletedIn(20), 'node-1', lost),
      belongs('ours'),
      deleteHost(0),
    ],
    ['is removed by force once', undefined, host(deletedIn(0), 'node-1', lost), belongs('ours'), nothing],
    ['stays if it is not ours', undefined, host(), belongs('foreign'), nothing],
  ])('%s', decides);
});

describe('a name that is taken on the host', () => {
  it.each<Case>([
    ["is a conflict with the host's own pod", virtual({}, {}), host(), belongs('foreign'), { kind: 'conflict' }],
    ["is a conflict with another virtual pod's", virtual({}, {}), host(), belongs('other'), { kind: 'conflict' }],
    [
      'does not hold up the deletion of the pod that never got it',
      virtual(deletedIn(20), {}),
      host(),
      belongs('foreign'),
      deleteVirtual(0),
    ],
    ['by an earlier pod is freed first', virtual({}, {}), host(), belongs('previous'), deleteHost(undefined)],
    ['by an earlier pod is waited for', virtual({}, {}), host(deletedIn(20)), belongs('previous'), nothing],
    [
      'by an earlier pod on a lost node is freed by force',
      virtual({}, {}),
      host(deletedIn(20), 'node-1', lost),
      belongs('previous'),
      deleteHost(0),
    ],
    [
      'by an earlier pod leaves nothing of a deleted one',
      virtual(deletedIn(20), {}),
      host(),
      belongs('previous'),
      deleteVirtual(0),
    ],
    ['by an earlier pod means that a bound one has vanished', virtual(), host(), belongs('previous'), deleteVirtual(0)],
  ])('%s', decides);
});

function decides(
  _what: string,
  v: Pod | undefined,
  h: Pod | undefined,
  facts: PodFacts,
  decision: Partial<PodDecision>,
) {
  expect(podLifecycle(v, h, facts)).toMatchObject(decision);
}
