import { ANNOTATIONS } from '../../../lib/contract';
import { identifyStore, remembered } from '../../../syncer/bootstrap';

const store = (clusterUid: string, resourceVersion: string) => ({ clusterUid, resourceVersion });
const accepting = (uid: string) => ({ ...remembered('a', '100'), [ANNOTATIONS.acceptStore]: uid });

describe('the virtual store', () => {
  it.each([
    ['has nothing before it at the first start', store('a', '5'), {}, 'fresh', true],
    ['is the same while it goes on', store('a', '101'), remembered('a', '100'), 'same', true],
    ['is the same when nothing happened', store('a', '100'), remembered('a', '100'), 'same', true],
    ['is another one when kube-system is', store('b', '500'), remembered('a', '100'), 'replaced', false],
    ['was set back when its versions go down', store('a', '99'), remembered('a', '100'), 'restored-older', false],
    ['compares versions as numbers', store('a', '1000'), remembered('a', '999'), 'same', true],
    [
      'is compared beyond what a double holds',
      store('a', '9007199254740993'),
      remembered('a', '9007199254740992'),
      'same',
      true,
    ],
    ['is accepted when an operator says so', store('b', '5'), accepting('b'), 'accepted', true],
    ['is accepted set back, too', store('a', '5'), accepting('a'), 'accepted', true],
    ['is not accepted by a word about another one', store('c', '5'), accepting('b'), 'replaced', false],
    ['concludes nothing from versions that are no numbers', store('a', 'x'), remembered('a', '100'), 'same', true],
  ])('%s', (_, observed, memory, kind, trusted) => {
    expect(identifyStore(observed, memory)).toMatchObject({ kind, trusted });
  });

  it('uses an operator’s word up, so that it does not count for the next restore', () => {
    expect(identifyStore(store('a', '5'), accepting('a'))).toMatchObject({
      remember: remembered('a', '5'),
      forget: [ANNOTATIONS.acceptStore],
    });
  });

  it('says how to accept it', () => {
    expect(identifyStore(store('b', '5'), remembered('a', '100'))).toMatchObject({
      hint: expect.stringContaining(`${ANNOTATIONS.acceptStore}=b`),
    });
  });
});
