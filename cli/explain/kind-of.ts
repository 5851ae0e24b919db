/** `Kind.group`, `Kind` alone for the core group: what an object is, whatever version of it. */
export function kindOf({
  apiVersion = 'v1',
  kind = '',
}: {
  readonly apiVersion?: string;
  readonly kind?: string;
}): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
}

/** The same of a resource. */
export function kindOfResource({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return group === '' ? kind : `${kind}.${group}`;
}
