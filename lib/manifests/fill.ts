import { SubletError } from '../contract';
import { hasMarker, splitAtMarkers } from '../spec/markers';
import { JsonText } from './json-text';

/** How an adapter turns markers into the values that they stand for. */
export interface Filler {
  /** The value that a marker stands for. */
  leaf(index: number): unknown;
  /** A text made of plain pieces and leaves. */
  concat(parts: readonly unknown[]): unknown;
  /** The JSON text of a value that holds leaves. */
  json(value: unknown): unknown;
}

/** Replaces every marker in a template and writes out its JSON. What holds no marker never reaches the filler. */
export function fill(template: unknown, filler: Filler): unknown {
  if (typeof template === 'string') return fillText(template, filler);
  if (Array.isArray(template)) return template.map((item) => fill(item, filler));
  if (template instanceof JsonText) return fillJson(template.value, filler);
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, filler)]));
}

/** The filler of declarations without markers. A marker that turns up all the same is refused. */
export const plainFiller: Filler = {
  leaf() {
    throw new SubletError('SPEC_INVALID', 'the declaration holds a marker, which only an adapter can replace');
  },
  concat: (parts) => parts.join(''),
  json: (value) => JSON.stringify(value),
};

function fillText(text: string, filler: Filler): unknown {
  if (!hasMarker(text)) return text;
  const parts = splitAtMarkers(text).map((part) => (part.kind === 'text' ? part.text : filler.leaf(part.index)));
  return parts.length === 1 ? parts[0] : filler.concat(parts);
}

function fillJson(value: unknown, filler: Filler): unknown {
  return holdsMarker(value) ? filler.json(fill(value, filler)) : JSON.stringify(value);
}

function holdsMarker(value: unknown): boolean {
  if (typeof value === 'string') return hasMarker(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsMarker);
}
