import { isDeepStrictEqual } from 'node:util';
import { nearest } from '../../lib/spec/nearest';
import type { Draft } from './draft';
import { isBlank, isEmpty, isTree, type Path } from './tree';

/** Says what becomes of one key of a values file: sets fields of the draft, and leaves a note in any case. */
export type Rule = (value: unknown, from: Path, draft: Draft) => void;

/** Turns a value of the file into that of a field. What comes out is checked with the whole declaration. */
export type Reader = (value: unknown) => unknown;

/** A mapping whose keys have rules of their own. */
export function group(children: { readonly [key: string]: Rule }): Rule {
  return (value, from, draft) => {
    if (isEmpty(value)) return draft.note('default', from, 'is empty');
    if (!isTree(value)) return draft.note('unknown', from, 'is not a mapping of keys, as vCluster wants it');
    const known = Object.keys(children);
    // In the order of the rules, some of which look at what others have set.
    for (const [key, rule] of Object.entries(children)) {
      if (Object.hasOwn(value, key)) rule(value[key], [...from, key], draft);
    }
    for (const key of Object.keys(value)) if (!known.includes(key)) unknownKey(key, known, from, draft);
  };
}

function unknownKey(key: string, known: readonly string[], from: Path, draft: Draft): void {
  const meant = nearest(key, known);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  draft.note('unknown', [...from, key], `is not a key of vCluster that is known here${hint}`);
}

/** A key that becomes a field of the declaration. Values that say what is so without them are left out. */
export function moved(to: string, read: Reader, ...defaults: readonly unknown[]): Rule {
  return (value, from, draft) => {
    if (isEmpty(value)) draft.note('default', from, 'is empty');
    else if (defaults.some((one) => isDeepStrictEqual(one, value))) draft.note('default', from, 'is the default here');
    else draft.set(from, to.split('.'), read(value));
  };
}

/** A key that means nothing here. */
export function notNeeded(because: string): Rule {
  return (_value, from, draft) => draft.note('notNeeded', from, because);
}

/** A key that only has effects which can't be had, unless it is empty or says what is harmless. */
export function unsupported(instead: string, ...harmless: readonly unknown[]): Rule {
  return (value, from, draft) => {
    if (isBlank(value)) draft.note('default', from, 'is empty');
    else if (harmless.some((one) => isDeepStrictEqual(one, value))) draft.note('default', from, 'is so here');
    else draft.note('unsupported', from, instead);
  };
}

/** A key that can have one effect only: that which is so here in any case. */
export function always(expected: unknown, because: string, instead: string): Rule {
  return (value, from, draft) => {
    if (isEmpty(value) || isDeepStrictEqual(value, expected)) draft.note('default', from, because);
    else draft.note('unsupported', from, instead);
  };
}

/** A feature, with all that belongs to it, which can't be had when it is switched on. */
export function feature(instead: string, isOn: (value: unknown) => boolean = enabled): Rule {
  return (value, from, draft) => {
    if (isOn(value)) draft.note('unsupported', from, instead);
    else draft.note('default', from, 'is switched off');
  };
}

/** A key that is read together with others, which say what became of it. */
export const elsewhere: Rule = () => undefined;

/** Whether a feature is switched on. */
export function enabled(value: unknown): boolean {
  return isTree(value) && (value.enabled === true || value.enabled === 'true');
}

/** Whether anything below is switched on. */
export function anyEnabled(value: unknown): boolean {
  return enabled(value) || (isTree(value) && Object.values(value).some(anyEnabled));
}
