import { amountOf, isGreater } from '../../../syncer/storage/quantity';

describe('quantities', () => {
  it.each([
    ['1', 1000n],
    ['1Gi', 1000n * 1024n ** 3n],
    ['1.5Gi', 1536n * 1000n * 1024n ** 2n],
    ['1500M', 1_500_000_000_000n],
    ['1e3', 1_000_000n],
    ['1E', 10n ** 21n],
    ['500m', 500n],
    ['-1', -1000n],
    ['.5', 500n],
    ['', undefined],
    ['five', undefined],
    ['1Zi', undefined],
    [undefined, undefined],
  ])('%s is %s thousandths', (text, expected) => {
    expect(amountOf(text)).toBe(expected);
  });

  it.each([
    ['2Gi', '1Gi', true],
    ['1Gi', '1024Mi', false],
    ['1G', '1Gi', false],
    ['1Gi', undefined, false],
  ])('%s is greater than %s: %s', (a, b, expected) => {
    expect(isGreater(a, b)).toBe(expected);
  });
});
