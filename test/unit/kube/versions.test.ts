import { isAtLeast } from '../../../syncer/kube/versions';

describe('resourceVersions', () => {
  it.each<[string, string, boolean]>([
    ['7', '7', true],
    ['8', '7', true],
    ['7', '8', false],
    ['10', '9', true],
    ['9', '10', false],
    ['18446744073709551617', '18446744073709551616', true],
    ['18446744073709551616', '18446744073709551617', false],
  ])('compare as whole numbers of any length: %s is at least %s: %s', (a, b, expected) => {
    expect(isAtLeast(a, b)).toBe(expected);
  });

  it.each<[string | undefined, string | undefined]>([
    [undefined, '7'],
    ['7', undefined],
    ['', '7'],
    ['abc', '7'],
    ['7', 'abc'],
    ['0', '7'],
    ['07', '8'],
  ])('that can not be compared leave the word to the cache: %s and %s', (a, b) => {
    expect(isAtLeast(a, b)).toBe(true);
  });
});
