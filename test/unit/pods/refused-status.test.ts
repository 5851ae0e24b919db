import { refusedStatus } from '../../../syncer/pods/refused-status';
import { virtualPod } from './fixtures';
import { applyPatch } from './strategic-merge';

const REASON = 'FieldNotAllowed';
const MESSAGE = 'spec.hostPID: no';

describe('a pod that may not reach the host', () => {
  it('says so in its condition PodScheduled, where kubectl describe shows it', () => {
    const pod = virtualPod();
    expect(applyPatch(pod, refusedStatus(pod, REASON, MESSAGE)).status).toEqual({
      conditions: [{ type: 'PodScheduled', status: 'False', reason: REASON, message: MESSAGE }],
    });
  });

  it('says so once', () => {
    const pod = virtualPod();
    const told = applyPatch(pod, refusedStatus(pod, REASON, MESSAGE));
    expect(refusedStatus(told, REASON, MESSAGE)).toBeUndefined();
  });

  it.each([
    ['another reason', 'Other', MESSAGE],
    ['another message', REASON, 'spec.hostIPC: no'],
  ])('says so again for %s, beside its other conditions', (_case, reason, message) => {
    const gate = { type: 'example.com/gate', status: 'True' };
    const pod = virtualPod({
      status: { conditions: [gate, { type: 'PodScheduled', status: 'False', reason: REASON, message: MESSAGE }] },
    });
    expect(applyPatch(pod, refusedStatus(pod, reason, message)).status?.conditions).toEqual([
      gate,
      { type: 'PodScheduled', status: 'False', reason, message },
    ]);
  });
});
