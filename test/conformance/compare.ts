import type { Place } from './options';
import { reasonOf } from './reasons';
import type { Outcome, SpecResult } from './results';
import type { PlaceResult } from './run';

/** The specs of one group, or of all. */
export interface GroupRow {
  readonly sig: string;
  /** Specs that were chosen. */
  readonly specs: number;
  readonly control: number;
  readonly inside: number;
  /** Specs that passed at both places. */
  readonly both: number;
}

/** A spec that passes on the control and does not inside. */
export interface Difference {
  readonly text: string;
  readonly sig: string;
  /** How it ended inside, in one line. */
  readonly inside: string;
  readonly reason: string | undefined;
}

/** What is lost inside of a virtual cluster. */
export interface Comparison {
  /** A row a group, and all of them last. */
  readonly rows: readonly GroupRow[];
  /** Of the specs that pass on the control, how many in a hundred pass inside; `undefined` without a control. */
  readonly percent: number | undefined;
  readonly differences: readonly Difference[];
  /** Passed inside and not on the control. */
  readonly onlyInside: readonly string[];
  /** Neither: they want what the host does not have. */
  readonly neither: readonly { readonly text: string; readonly control: string }[];
}

/**
 * Compares both places spec by spec. Without a control, every spec is held to be one that should pass.
 * A spec that was skipped or not reached has not passed.
 */
export function compare(control: PlaceResult | undefined, inside: PlaceResult | undefined): Comparison {
  const at: Record<Place, ReadonlyMap<string, SpecResult>> = { control: byText(control), inside: byText(inside) };
  const texts = [...new Set([...at.control.keys(), ...at.inside.keys()])].sort();
  const passed = (place: Place, text: string): boolean => at[place].get(text)?.outcome.kind === 'passed';
  const sigOf = (text: string): string => (at.control.get(text) ?? at.inside.get(text))?.sig ?? 'none';
  const expected = texts.filter((text) => control === undefined || passed('control', text));
  const row = (sig: string, members: readonly string[]): GroupRow => ({
    sig,
    specs: members.length,
    control: members.filter((text) => passed('control', text)).length,
    inside: members.filter((text) => passed('inside', text)).length,
    both: members.filter((text) => passed('control', text) && passed('inside', text)).length,
  });
  const sigs = [...new Set(texts.map(sigOf))].sort();
  const all = row('all', texts);
  return {
    rows: [
      ...sigs.map((sig) =>
        row(
          sig,
          texts.filter((text) => sigOf(text) === sig),
        ),
      ),
      all,
    ],
    percent: all.control === 0 ? undefined : Math.floor((1000 * all.both) / all.control) / 10,
    differences: expected
      .filter((text) => !passed('inside', text))
      .map((text) => ({
        text,
        sig: sigOf(text),
        inside: describe(at.inside.get(text)?.outcome),
        reason: reasonOf(text),
      })),
    onlyInside: texts.filter((text) => control !== undefined && !passed('control', text) && passed('inside', text)),
    neither: texts
      .filter((text) => control !== undefined && !passed('control', text) && !passed('inside', text))
      .map((text) => ({ text, control: describe(at.control.get(text)?.outcome) })),
  };
}

function byText(result: PlaceResult | undefined): ReadonlyMap<string, SpecResult> {
  return new Map((result?.specs ?? []).map((spec) => [spec.text, spec]));
}

function describe(outcome: Outcome | undefined): string {
  switch (outcome?.kind) {
    case 'failed':
      return `${outcome.message} (${outcome.at})`;
    case 'skipped':
      return `skipped: ${outcome.message}`;
    case 'unfinished':
      return 'not reached in time';
    case 'passed':
      return 'passed';
    default:
      return 'not run';
  }
}
