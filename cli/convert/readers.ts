import type { Reader } from './rules';
import { isTree } from './tree';

/** Takes a value as it is. */
export const asIs: Reader = (value) => value;

/** A text. YAML makes numbers of `1` and `1.30`. */
export const text: Reader = (value) => (typeof value === 'number' ? String(value) : value);

/** A number, which some write as a text. */
export const count: Reader = (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);

/** Texts by key. */
export const texts: Reader = (value) =>
  isTree(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, text(one)])) : value;

/** Requests and limits. */
export const resources: Reader = (value) =>
  isTree(value) ? Object.fromEntries(Object.entries(value).map(([key, amounts]) => [key, texts(amounts)])) : value;

/** The names in a list of `{ name }`, or of plain names. */
export const names: Reader = (value) =>
  Array.isArray(value) ? value.map((one: unknown) => (isTree(one) ? one.name : one)) : value;

/** Flags as vCluster lists them (`--v=4`), by flag. A flag that stands several times has a list. */
export const flags: Reader = (value) => {
  if (!Array.isArray(value)) return value;
  const byFlag = new Map<string, string | readonly string[]>();
  for (const argument of value.map(String)) {
    const [, flag = argument, given = 'true'] = /^-*([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const before = byFlag.get(flag);
    byFlag.set(flag, before === undefined ? given : [before, given].flat());
  }
  return Object.fromEntries(byFlag);
};

/** Tolerations as Kubernetes has them: an operator that is left out means `Equal`. */
export const tolerations: Reader = (value) => (Array.isArray(value) ? value.map(toleration) : value);

function toleration(value: unknown): unknown {
  if (!isTree(value)) return value;
  const { operator = 'Equal', key, value: wanted, effect, ...others } = value;
  return {
    operator,
    ...(key === undefined || key === '' ? {} : { key }),
    ...(operator === 'Exists' || wanted === undefined ? {} : { value: text(wanted) }),
    ...(effect === undefined || effect === '' ? {} : { effect }),
    ...others,
  };
}
