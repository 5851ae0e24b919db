/** The value below which the share `share` (0 to 1) of the values lies, by nearest rank; NaN of no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.ceil(sorted.length * share);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** The middle value; NaN of no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
