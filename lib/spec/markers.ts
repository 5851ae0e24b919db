/**
 * Markers: opaque strings that stand for values which are only known when a declaration is deployed (outputs of other
 * resources, lazy values). An adapter puts them in before the core runs and replaces them in the finished manifests, so
 * the core may place and embed them, but never parses, hashes, encodes or compares them.
 *
 * Control characters delimit them, which no field of a declaration allows, so that no user's text can be one.
 */
const START = '\u0001';
const END = '\u0002';

declare const later: unique symbol;

/**
 * What the input types of schemas call a value that is only known at deployment. There is no such object: at run time a
 * marker stands there. It makes the compiler hold schemas and hand-written types against each other, leaf by leaf.
 */
export interface Later {
  readonly [later]: true;
}

/** The marker of the value with this number. */
export function markerOf(index: number): string {
  return `${START}${index}${END}`;
}

/** Whether a value is one marker and nothing else. Validators skip such values. */
export function isMarker(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(START) && value.indexOf(END) === value.length - 1;
}

/** Whether a marker stands anywhere in a text. */
export function hasMarker(text: string): boolean {
  return text.includes(START);
}

/** A piece of a text: as it is, or the number of the marker that stands there. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'marker'; readonly index: number };

/** Takes a text apart at its markers. Empty pieces are left out. */
export function splitAtMarkers(text: string): readonly TextPart[] {
  const [head = '', ...rest] = text.split(START);
  const parts: TextPart[] = [{ kind: 'text', text: head }];
  for (const piece of rest) {
    const end = piece.indexOf(END);
    parts.push({ kind: 'marker', index: Number(piece.slice(0, end)) }, { kind: 'text', text: piece.slice(end + 1) });
  }
  return parts.filter((part) => part.kind === 'marker' || part.text !== '');
}
