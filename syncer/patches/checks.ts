import { isDeepStrictEqual } from 'node:util';
import { isReservedKey } from '../../lib/contract';

type Members = { readonly [key: string]: unknown };

/**
 * What a patch may not have changed, as the path of the field, undefined when it has changed nothing of that kind. By
 * names, owners, and our own labels and annotations it is known whose an object is; of the rest of the metadata only
 * labels and annotations are the platform's to change.
 */
export function forbiddenChange(before: object, after: object): string | undefined {
  if (!isMembers(before) || !isMembers(after)) return 'everything';
  for (const field of ['apiVersion', 'kind']) if (!isDeepStrictEqual(before[field], after[field])) return field;
  const [old, now] = [before.metadata, after.metadata];
  if (!isMembers(old) || !isMembers(now)) return 'metadata';
  for (const field of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const change = KEYED.has(field)
      ? forbiddenKey(old[field], now[field])
      : isDeepStrictEqual(old[field], now[field])
        ? undefined
        : '';
    if (change !== undefined) return `metadata.${field}${change}`;
  }
  return undefined;
}

const KEYED: ReadonlySet<string> = new Set(['labels', 'annotations']);

function forbiddenKey(before: unknown, after: unknown): string | undefined {
  const [old, now] = [before ?? {}, after ?? {}];
  if (!isMembers(old) || !isMembers(now)) return '';
  for (const [key, value] of Object.entries(now)) if (typeof value !== 'string') return `[${key}]`;
  const reserved = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(isReservedKey);
  const changed = reserved.find((key) => old[key] !== now[key]);
  return changed === undefined ? undefined : `[${changed}]`;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
