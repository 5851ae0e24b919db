import type { HostStep } from './types';

/** Reports the beginning and end of each step to whoever shows progress. */
export interface StepReporter {
  /** Runs one step; its duration, or why it failed, becomes the detail. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Reports a step that had nothing to do. */
  skip(name: string, detail: string): void;
}

/** A reporter that calls `onStep`, or nobody. */
export function stepReporter(onStep: ((step: HostStep) => void) | undefined): StepReporter {
  const report = onStep ?? (() => {});
  return {
    async run(name, work) {
      const start = performance.now();
      report({ name, state: 'started' });
      try {
        const result = await work();
        report({ name, state: 'done', detail: `${((performance.now() - start) / 1000).toFixed(1)} s` });
        return result;
      } catch (error) {
        report({ name, state: 'failed', detail: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
    skip(name, detail) {
      report({ name, state: 'skipped', detail });
    },
  };
}
