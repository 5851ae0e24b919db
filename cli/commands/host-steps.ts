import type { HostStep } from '../../host';
import type { Progress, Step } from '../terminal/progress';

const DURATION = /^[\d.]+ m?s$/;

/** Shows the steps of a host cluster's setup as progress. */
export function showHostSteps(progress: Progress): (step: HostStep) => void {
  const open = new Map<string, Step>();
  return ({ name, state, detail }) => {
    const title = capitalize(name);
    if (state === 'started') {
      const step = progress.step(title);
      if (detail !== undefined) step.update(detail);
      open.set(name, step);
      return;
    }
    const step = open.get(name) ?? progress.step(title);
    open.delete(name);
    // How long it took, the progress says itself.
    const text = detail === undefined || DURATION.test(detail) ? title : `${title}: ${detail}`;
    if (state === 'done') step.done(text);
    else if (state === 'skipped') step.skip(text);
    else step.fail(text);
  };
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
