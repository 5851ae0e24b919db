import { lostItsNode, type PodStatus, readinessGatesToHost, statusToVirtual } from '../../../syncer/pods';
import { conditions, hostPod, virtualPod } from './fixtures';

const gate = 'example.com/gate';
const gates = (...types: string[]) => ({ readinessGates: types.map((conditionType) => ({ conditionType })) });

function toHost(types: readonly string[], tenant: PodStatus['conditions'], host: PodStatus['conditions']) {
  const said = (list: PodStatus['conditions']) => (list ? { status: { conditions: list } } : {});
  const virtual = virtualPod({ spec: gates(...types), ...said(tenant) });
  return readinessGatesToHost(virtual, hostPod(virtual, said(host)));
}

describe('what a tenant says on its readiness gates', () => {
  const isReady = conditions({ [gate]: 'True' });
  const patch = (...list: object[]) => ({
    kind: 'patch',
    type: 'application/strategic-merge-patch+json',
    subresource: 'status',
    patch: { status: { conditions: list } },
  });

  it.each<[string, readonly string[], PodStatus['conditions'], PodStatus['conditions'], object | undefined]>([
    ['reaches the host', [gate], isReady, conditions({ Ready: 'False' }), patch({ type: gate, status: 'True' })],
    ['is written once', [gate], isReady, isReady, undefined],
    [
      'replaces what was said before',
      [gate],
      isReady,
      [{ type: gate, status: 'False', reason: 'Old' }],
      patch({ type: gate, status: 'True', reason: null }),
    ],
    ['is taken back', [gate], [], isReady, patch({ type: gate, $patch: 'delete' })],
    ['is nothing yet', [gate], undefined, undefined, undefined],
    ['stays in the virtual cluster for types that are no gates', [], isReady, undefined, undefined],
    [
      "never is about the kubelet's own conditions",
      ['Ready', 'ContainersReady'],
      conditions({ Ready: 'True', ContainersReady: 'True' }),
      undefined,
      undefined,
    ],
  ])('%s', (_what, types, tenant, host, expected) => {
    expect(toHost(types, tenant, host)).toEqual(expected);
  });
});

describe('conditions from the host', () => {
  const toVirtual = (tenant: object, host: object, spec = gates(gate)) => {
    const virtual = virtualPod({ spec, status: { phase: 'Pending', conditions: conditions({ ...tenant }) } });
    return statusToVirtual(
      hostPod(virtual, { status: { phase: 'Pending', conditions: conditions({ ...host }) } }),
      virtual,
    );
  };

  it.each<[string, object, object, object | undefined]>([
    [
      'come one type at a time',
      { Ready: 'False', Initialized: 'True' },
      { Ready: 'True', Initialized: 'True' },
      [{ type: 'Ready', status: 'True' }],
    ],
    ['leave those of the tenant alone', { [gate]: 'True' }, { [gate]: 'False' }, undefined],
    [
      'leave those that only the virtual cluster has',
      { DisruptionTarget: 'True', 'other.com/x': 'True' },
      {},
      undefined,
    ],
    [
      'go when the kubelet takes them away',
      { PodResizePending: 'True' },
      {},
      [{ type: 'PodResizePending', $patch: 'delete' }],
    ],
  ])('%s', (_what, tenant, host, expected) => {
    expect(toVirtual(tenant, host)).toEqual(expected && { status: { conditions: expected } });
  });
});

describe('the mark of a lost node', () => {
  const isMarked = (list: NonNullable<PodStatus['conditions']>, types: readonly string[] = []) =>
    lostItsNode(hostPod(virtualPod({ spec: gates(...types) }), { status: { conditions: list } }));

  it.each<[string, { [type: string]: string }, readonly string[], boolean]>([
    ['is Ready false while the containers are ready', { Ready: 'False', ContainersReady: 'True' }, [], true],
    ['is that with all gates open', { Ready: 'False', ContainersReady: 'True', [gate]: 'True' }, [gate], true],
    ['is not on a ready pod', { Ready: 'True', ContainersReady: 'True' }, [], false],
    ['is not on a pod whose containers are not ready', { Ready: 'False', ContainersReady: 'False' }, [], false],
    ['is not behind a closed gate', { Ready: 'False', ContainersReady: 'True', [gate]: 'False' }, [gate], false],
    ['is not behind a gate that was never set', { Ready: 'False', ContainersReady: 'True' }, [gate], false],
    ['is not on a pod without status', {}, [], false],
  ])('%s', (_what, statuses, types, expected) => {
    expect(isMarked(conditions(statuses), types)).toBe(expected);
  });

  it('is not while the kubelet has yet to see an opened gate', () => {
    const waiting = { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' };
    expect(isMarked([waiting, ...conditions({ ContainersReady: 'True', [gate]: 'True' })], [gate])).toBe(false);
  });
});
