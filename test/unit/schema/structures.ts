import schemas from './schemas.json';

/** The versions whose structures are known: all that can be chosen. */
export const SCHEMA_VERSIONS: readonly string[] = schemas.versions;

/** What a field holds. */
export interface Field {
  /** The structure that lies within, empty for a plain value. */
  readonly nested: string;
  readonly shape: 'one' | 'list' | 'map';
}

/** The fields of a structure of the API. */
export type Fields = { readonly [field: string]: Field };

const STRUCTURES: { readonly [name: string]: { readonly [field: string]: string } } = schemas.structures;

/** The fields that a structure has in a version of Kubernetes, undefined if there is no such structure. */
export function fieldsOf(structure: string, version: string): Fields | undefined {
  const fields = STRUCTURES[structure];
  if (fields === undefined) return undefined;
  const minor = Number(version.split('.')[1]);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, text]) => {
      const [type = '', range] = text.split('@');
      const [from, to] = (range ?? `${minor}-${minor}`).split('-').map(Number);
      const isThere = from !== undefined && to !== undefined && from <= minor && minor <= to;
      return isThere ? [[field, parsed(type)] as const] : [];
    }),
  );
}

function parsed(type: string): Field {
  if (type.endsWith('[]')) return { nested: type.slice(0, -2), shape: 'list' };
  return type.endsWith('{}') ? { nested: type.slice(0, -2), shape: 'map' } : { nested: type, shape: 'one' };
}

/** Whether a field is known in any version. */
export function isEverField(structure: string, field: string): boolean {
  return STRUCTURES[structure]?.[field] !== undefined;
}
