import schemas from './schemas.json';

/** The versions whose structures are known: all that can be chosen. */
export const SCHEMA_VERSIONS: readonly string[] = schemas.versions;

/** The fields of a structure of the API: the name of the structure that lies within, empty for a plain value. */
export type Fields = { readonly [field: string]: string };

const STRUCTURES: { readonly [name: string]: Fields } = schemas.structures;

/** The fields that a structure has in a version of Kubernetes, undefined if there is no such structure. */
export function fieldsOf(structure: string, version: string): Fields | undefined {
  const fields = STRUCTURES[structure];
  if (fields === undefined) return undefined;
  const minor = Number(version.split('.')[1]);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, text]) => {
      const [type = '', range] = text.split('@');
      const [from, to] = (range ?? `${minor}-${minor}`).split('-').map(Number);
      return from !== undefined && to !== undefined && from <= minor && minor <= to ? [[field, type] as const] : [];
    }),
  );
}

/** Whether a field is known in any version. */
export function isEverField(structure: string, field: string): boolean {
  return STRUCTURES[structure]?.[field] !== undefined;
}
