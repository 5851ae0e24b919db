/** Names of the host that must not reach the tenant, each with what the tenant knows instead. */
export type Replacements = readonly (readonly [host: string, virtual: string])[];

/** Replaces host names in a text that a tenant will read, longest first, so that no part of one stays behind. */
export function scrub(text: string, replacements: Replacements): string {
  const ordered = [...replacements].sort(([a], [b]) => b.length - a.length);
  return ordered.reduce(
    (result, [host, virtual]) => (host === '' ? result : result.replaceAll(host, () => virtual)),
    text,
  );
}
