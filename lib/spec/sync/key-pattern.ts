import { isAlwaysHashed, isNeverPassed } from '../../contract';
import type { TextRule } from '../rules';

const PATTERN = /^(\*|[A-Za-z0-9]([A-Za-z0-9._-]*(\/[A-Za-z0-9._-]*)?)?\*?)$/;

/** A key, the beginning of keys followed by `*`, or `*` alone. */
export const KEY_PATTERN: TextRule = {
  allowed: 'a key such as example.com/team, with or without * at its end, or * alone',
  test: (pattern) => PATTERN.test(pattern),
  hint: (pattern) => (pattern.indexOf('*') < pattern.length - 1 ? 'a * can only stand at the end' : undefined),
};

/** A {@link KEY_PATTERN} of labels that may reach the host as they are. */
export const LABEL_PATTERN: TextRule = unlessReserved(isAlwaysHashed);

/** A {@link KEY_PATTERN} of annotations that may cross. */
export const ANNOTATION_PATTERN: TextRule = unlessReserved(isNeverPassed);

/** A pattern that means reserved keys alone can't have been meant. One that means others too just leaves them out. */
function unlessReserved(isReserved: (key: string) => boolean): TextRule {
  return {
    allowed: KEY_PATTERN.allowed,
    test: (pattern) => PATTERN.test(pattern) && !isReserved(pattern),
    hint: (pattern) => (isReserved(pattern) ? 'this key is reserved and never crosses' : KEY_PATTERN.hint?.(pattern)),
  };
}
