import type { ReferenceGrant } from './types';

/** An object, or one that refers to another. */
export interface Party {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

/** Whether one of the grants, which are those of the target's namespace, lets `from` refer to the target. */
export function isGranted(
  from: Party,
  target: Party & { readonly name: string },
  grants: readonly ReferenceGrant[],
): boolean {
  return grants.some(
    ({ spec }) =>
      (spec?.from ?? []).some(
        (one) => one.group === from.group && one.kind === from.kind && one.namespace === from.namespace,
      ) &&
      (spec?.to ?? []).some(
        (one) =>
          one.group === target.group &&
          one.kind === target.kind &&
          (one.name === undefined || one.name === target.name),
      ),
  );
}
