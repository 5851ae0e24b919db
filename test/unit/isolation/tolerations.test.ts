import type { Toleration } from 'kubernetes-types/core/v1';
import { parseToleration } from '../../../lib/contract';
import type { VirtualClusterOptions } from '../../../lib/spec';
import { covers, refusedToleration } from '../../../syncer/pods/allowed-tolerations';
import { sectionsOf } from '../engine/sections';
import { podContext, virtualPod } from '../pods/fixtures';

const refusal = (tolerations: Toleration[], options: VirtualClusterOptions = {}) =>
  refusedToleration(virtualPod({ spec: { tolerations } }), podContext({ sections: sectionsOf(options) }));

const NO_SCHEDULE = { effect: 'NoSchedule' };

describe('whether an allowed toleration covers what a pod tolerates', () => {
  it.each<[allowed: string, toleration: Toleration, covered: boolean]>([
    ['*', {}, true],
    ['*', { operator: 'Exists' }, true],
    ['*', { key: 'pool', operator: 'Gt', value: '5' }, true],
    ['pool', { key: 'pool', operator: 'Exists' }, true],
    ['pool', { key: 'pool', operator: 'Exists', ...NO_SCHEDULE }, true],
    ['pool', { key: 'pool', value: 'a' }, true],
    ['pool', { key: 'pool', operator: 'Lt', value: '5' }, true],
    ['pool', { key: 'pool', operator: 'OfTomorrow', value: '5' }, true],
    ['pool', { operator: 'Exists' }, false],
    ['pool', { key: '', operator: 'Exists' }, false],
    ['pool', { key: 'pools', operator: 'Exists' }, false],
    ['pool', { key: 'Pool', operator: 'Exists' }, false],
    ['pool=a', { key: 'pool', value: 'a' }, true],
    ['pool=a', { key: 'pool', operator: 'Equal', value: 'a', ...NO_SCHEDULE }, true],
    ['pool=a', { key: 'pool', operator: 'Equal', value: 'b' }, false],
    ['pool=a', { key: 'pool', operator: 'Equal' }, false],
    ['pool=a', { key: 'pool', operator: 'Exists' }, false],
    ['pool=a', { key: 'pool', operator: 'Lt', value: 'a' }, false],
    ['pool=a', { key: 'pool', operator: 'OfTomorrow', value: 'a' }, false],
    ['pool=', { key: 'pool' }, true],
    ['pool=', { key: 'pool', operator: 'Equal', value: '' }, true],
    ['pool:NoSchedule', { key: 'pool', operator: 'Exists', ...NO_SCHEDULE }, true],
    ['pool:NoSchedule', { key: 'pool', operator: 'Exists' }, false],
    ['pool:NoSchedule', { key: 'pool', operator: 'Exists', effect: '' }, false],
    ['pool:NoSchedule', { key: 'pool', operator: 'Exists', effect: 'NoExecute' }, false],
    ['pool=a:NoSchedule', { key: 'pool', value: 'a', ...NO_SCHEDULE }, true],
    ['pool=a:NoSchedule', { key: 'pool', value: 'a' }, false],
  ])('%s and %j: %s', (text, toleration, covered) => {
    const allowed = parseToleration(text);
    expect(allowed === undefined ? undefined : covers(allowed, toleration)).toBe(covered);
  });
});

describe('the tolerations of a pod', () => {
  it.each([
    ['every taint', { operator: 'Exists' }],
    ['every taint of one effect', { operator: 'Exists', ...NO_SCHEDULE }],
    ['control planes', { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    ['a taint of trouble in another writing', { key: 'Node.kubernetes.io/not-ready', operator: 'Exists' }],
  ])('are refused by default when they mean %s', (_, toleration) => {
    const ours = { key: 'node.kubernetes.io/not-ready', operator: 'Exists' };
    expect(refusal([ours, toleration])).toEqual({
      field: 'spec.tolerations[1]',
      message: expect.stringContaining('Isolation "tolerations": spec.tolerations[1]: tolerating'),
    });
  });

  it('are allowed when Kubernetes itself adds them', () => {
    const added: Toleration[] = [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', ...NO_SCHEDULE },
      { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', ...NO_SCHEDULE },
      { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', ...NO_SCHEDULE },
      { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', ...NO_SCHEDULE },
      { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', ...NO_SCHEDULE },
    ];
    expect(refusal(added)).toBeUndefined();
  });

  it('are allowed when they are declared, enforced, or nothing is isolated', () => {
    const toleration = { key: 'pool', value: 'a' };
    expect(refusal([toleration])).toBeDefined();
    expect(refusal([toleration], { isolation: { tolerations: ['pool=a'] } })).toBeUndefined();
    expect(refusal([toleration], { sync: { toHost: { pods: { enforceTolerations: ['pool'] } } } })).toBeUndefined();
    expect(refusal([{ operator: 'Exists' }], { isolation: { tolerations: ['*'] } })).toBeUndefined();
    expect(refusal([{ operator: 'Exists' }], { isolation: { level: 'off' } })).toBeUndefined();
  });
});
