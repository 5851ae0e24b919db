/** What a resource's name in the engine says of its object. */
export interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
  /** The resource's name in the program. */
  readonly name: string;
}

/** Reads `urn:pulumi:<stack>::<project>::<parents>$kubernetes:apps/v1:StatefulSet::<name>`. */
export function objectTypeOf(urn: string): ObjectType {
  const [, , types = '', name = ''] = urn.split('::');
  const type = types.slice(types.lastIndexOf('$') + 1);
  const [, version = '', kind = ''] = type.split(':');
  return { apiVersion: version.replace(/^core\//, ''), kind, name };
}

/** The place of an object in an id, `<namespace>/<name>` or `<name>`. */
export function placeOf(id: string): { readonly namespace?: string; readonly name: string } {
  const slash = id.indexOf('/');
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** The id of an object. */
export function idOf(object: { readonly metadata?: { readonly name?: string; readonly namespace?: string } }): string {
  const { namespace, name = '' } = object.metadata ?? {};
  return namespace === undefined ? name : `${namespace}/${name}`;
}
