import { isDeepStrictEqual } from 'node:util';
import type { PatchType } from '../../../syncer/kube/types';
import { applyPatch } from '../pods/strategic-merge';
import type { Stored } from './memory-cache';

type Members = { readonly [key: string]: unknown };

/** An object after a patch, as an API server applies it. JSON patches may only `add`. */
export function patched(object: Stored, patch: unknown, type: PatchType): Stored {
  switch (type) {
    case 'application/strategic-merge-patch+json':
      return applyPatch(object, patch);
    case 'application/merge-patch+json':
      return merge(object, patch) as Stored;
    case 'application/json-patch+json':
      return (patch as readonly Addition[]).reduce((result, { path, value }) => add(result, path, value), object);
    case 'application/apply-patch+yaml':
      throw new TypeError('server-side apply is not served');
  }
}

/** `stringData` of a Secret becomes `data`, and is never shown. */
export function withBase64({ stringData, ...object }: Stored): Stored {
  if (!isMembers(stringData)) return object;
  const entries = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  return { ...object, data: { ...(isMembers(object.data) ? object.data : {}), ...Object.fromEntries(entries) } };
}

/** Whether a write would change nothing. */
export function isSame(one: Stored, other: Stored): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isMembers(patch)) return patch;
  const result: { [key: string]: unknown } = isMembers(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

interface Addition {
  readonly path: string;
  readonly value: unknown;
}

function add(object: Stored, path: string, value: unknown): Stored {
  const steps = path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const patch = steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  const emptied = steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), null);
  return merge(merge(object, emptied), patch) as Stored;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
