/**
 * Whether a path of the node lies at or below a prefix, segment by segment: `/data` covers `/data` and `/data/a`, not
 * `/data2`. Doubled, trailing and `.` segments mean nothing, as they do to the kernel. A path that is empty, relative or
 * climbs (`..`) lies nowhere, and such a prefix covers nothing. Links are not followed: nothing here knows the node.
 */
export function isBelow(path: string, prefix: string): boolean {
  const segments = segmentsOf(path);
  const allowed = segmentsOf(prefix);
  if (segments === undefined || allowed === undefined) return false;
  return allowed.every((segment, index) => segments[index] === segment);
}

function segmentsOf(path: string): readonly string[] | undefined {
  if (!path.startsWith('/')) return undefined;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.includes('..') ? undefined : segments;
}
