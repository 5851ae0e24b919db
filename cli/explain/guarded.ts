import { types } from 'node:util';
import { SubletError } from '../../lib/contract';
import { invalid } from './documents';
import type { GivenObject } from './types';

/**
 * Runs a part of a translation of an object. One that stumbles has met a form that no API server would have let pass.
 * @throws SubletError `MANIFEST_INVALID` in that case
 */
export function guarded<T>({ source, object }: GivenObject, translate: () => T): T {
  try {
    return translate();
  } catch (error) {
    // By its name: errors of Node itself may stem from another realm.
    if (error instanceof SubletError || !types.isNativeError(error) || error.name !== 'TypeError') throw error;
    throw invalid(source, `${object.kind} ${object.metadata.name} has a field of a wrong form: ${error.message}`);
  }
}
