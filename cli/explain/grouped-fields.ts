import type { FieldOnTheWay } from './types';

/** Fields that differ for one reason. */
export interface FieldGroup {
  readonly why: string;
  readonly option?: string;
  readonly members: readonly (FieldOnTheWay & {
    /** How many fields like this one are left out. */
    readonly more?: number;
  })[];
}

/** How many elements of one list are shown before the rest is only counted. */
const SHOWN_OF_LIST = 2;

/** Fields by their reasons, long lists cut short: seven variables for each Service tell nothing that two don't. */
export function groupedFields(fields: readonly FieldOnTheWay[]): readonly FieldGroup[] {
  const groups = new Map<string, FieldOnTheWay[]>();
  for (const field of fields) {
    const id = `${field.why}\n${field.option ?? ''}`;
    groups.set(id, [...(groups.get(id) ?? []), field]);
  }
  return [...groups.values()].map((members) => {
    const { why, option } = members[0] ?? { why: '' };
    return { why, ...(option !== undefined && { option }), members: shortened(members) };
  });
}

function shortened(members: readonly FieldOnTheWay[]): FieldGroup['members'] {
  const lists = new Map<string, FieldOnTheWay[]>();
  for (const field of members) {
    const list = /^(.*)\[[^\]]*\]$/.exec(field.path)?.[1] ?? field.path;
    lists.set(list, [...(lists.get(list) ?? []), field]);
  }
  return [...lists.values()].flatMap((list) => {
    const rest = list.length - SHOWN_OF_LIST;
    if (rest <= 1) return list;
    return list
      .slice(0, SHOWN_OF_LIST)
      .map((one, index) => (index === SHOWN_OF_LIST - 1 ? { ...one, more: rest } : one));
  });
}
