/** Follows what Ginkgo prints. */
export interface ProgressWatch {
  readonly read: (text: string) => void;
  readonly stop: () => void;
}

const EVERY_MS = 30_000;

/**
 * Tells every half minute how many specs have ended, and each that fails at once. Ginkgo prints a bullet for each that
 * ends, and the text of a failed one on the line below.
 */
export function watchProgress(report: (text: string) => void): ProgressWatch {
  const start = performance.now();
  let rest = '';
  let planned = '?';
  let ended = 0;
  let failed = 0;
  let namesFailure = false;
  let told = 0;
  const line = (text: string): void => {
    planned = /^Will run (\d+) of/.exec(text)?.[1] ?? planned;
    ended += text.split('•').length - 1;
    if (namesFailure) report(`  failed: ${text.trim()}`);
    namesFailure = /• \[(FAILED|PANICKED|TIMEDOUT)\]/.test(text);
    if (namesFailure) failed += 1;
  };
  const timer = setInterval(() => {
    const soFar = ended + rest.split('•').length - 1;
    if (soFar === told) return;
    told = soFar;
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    report(`  ${minutes} min: ${soFar} of ${planned} specs, ${failed} failed`);
  }, EVERY_MS);
  return {
    read: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(line);
    },
    stop: () => clearInterval(timer),
  };
}
