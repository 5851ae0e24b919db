import type { ResolvedExtraArgs } from '../../spec';

/** Flags of a command line, in order. */
export interface Flags {
  readonly [flag: string]: string;
}

/**
 * A component's command line: what Sublet sets, its defaults that a declaration may replace, and the declaration's own.
 */
export function commandLine(fixed: Flags, defaults: Flags, extra: ResolvedExtraArgs): string[] {
  const replaced = new Set(extra.map(({ flag }) => flag));
  const kept = Object.entries(defaults).filter(([flag]) => !replaced.has(flag));
  const own = [...Object.entries(fixed), ...kept].map(([flag, value]) => `--${flag}=${value}`);
  return [...own, ...extra.map(({ flag, value }) => `--${flag}=${value}`)];
}
