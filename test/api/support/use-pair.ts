import { leaksOf } from './leaks';
import { type Pair, type PairOptions, startPair } from './pair';
import { refusedTo } from './refused';
import { NOTHING_FOUND } from './syncer';

/** One test may wait for several conditions on a busy machine. */
const TEST_TIMEOUT_MS = 120_000;

/** {@link PairOptions} for a file of tests. */
export interface UsedPairOptions extends PairOptions {
  /** The tests damage the host so that only the patrol can find it, and look themselves at what it finds. @default false */
  readonly sabotaged?: boolean;
}

/**
 * Gives all tests of a file one pair of clusters, and checks at the end that the patrol finds nothing to repair: what
 * only it would have mended was missed when it happened. Nor may the syncer have asked the host for anything that its
 * roles do not allow, or anybody have left a token or a private key where others read it.
 * @returns the pair, to be called within tests
 */
export function usePair({ sabotaged = false, ...options }: UsedPairOptions = {}): () => Pair {
  let pair: Pair | undefined;
  jest.setTimeout(TEST_TIMEOUT_MS);
  beforeAll(async () => {
    pair = await startPair(options);
  });
  afterAll(async () => {
    if (pair === undefined) return;
    try {
      if (!sabotaged) expect(await pair.syncer.patrol()).toEqual(NOTHING_FOUND);
      expect({ refused: await refusedTo(pair), leaks: await leaksOf(pair) }).toEqual({ refused: [], leaks: [] });
    } finally {
      await pair[Symbol.asyncDispose]();
    }
  });
  return () => {
    if (pair === undefined) throw new Error('the pair of clusters is there only within tests');
    return pair;
  };
}
