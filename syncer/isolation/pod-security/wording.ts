/** Values of tenants may be as long as an annotation; an event holds 1024 bytes. */
const MAX_QUOTED = 80;

/** `"x" is not allowed`, with what is, if there is a list of it. */
export function notAllowed(value: string | number | boolean, allowed: readonly string[] = []): string {
  const instead = allowed.length === 0 ? '' : `: it must be ${alternatives(allowed)}`;
  return `${quoted(value)} is not allowed${instead}`;
}

function quoted(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length <= MAX_QUOTED ? value : `${value.slice(0, MAX_QUOTED)}…`);
}

function alternatives(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}
