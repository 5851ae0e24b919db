import { type Pair, type PairOptions, startPair } from './pair';

/** One test may wait for several conditions on a busy machine. */
const TEST_TIMEOUT_MS = 120_000;

/**
 * Gives all tests of a file one pair of clusters, and checks at the end that the patrol finds nothing to repair: what
 * only it would have mended was missed when it happened.
 * @returns the pair, to be called within tests
 */
export function usePair(options: PairOptions = {}): () => Pair {
  let pair: Pair | undefined;
  jest.setTimeout(TEST_TIMEOUT_MS);
  beforeAll(async () => {
    pair = await startPair(options);
  });
  afterAll(async () => {
    if (pair === undefined) return;
    try {
      expect(await pair.syncer.patrol()).toEqual({ repairs: {}, log: [] });
    } finally {
      await pair[Symbol.asyncDispose]();
    }
  });
  return () => {
    if (pair === undefined) throw new Error('the pair of clusters is there only within tests');
    return pair;
  };
}
