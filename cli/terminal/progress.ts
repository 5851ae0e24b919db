import type { Writable } from 'node:stream';
import type { Style } from './style';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const FRAME_MS = 80;

/** One thing that takes a while. Exactly one of `done`, `skip` and `fail` ends it. */
export interface Step {
  /** What is going on or still missing right now; shown when it changes. */
  update(detail: string): void;
  /** The like that goes by too fast for a log: shown on a terminal only. */
  flash(detail: string): void;
  done(text?: string): void;
  /** It turned out to be unnecessary. */
  skip(text?: string): void;
  fail(text?: string): void;
}

/** What the user sees of the work: on a terminal a spinner that becomes a check mark, elsewhere plain lines. Never data. */
export interface Progress {
  step(text: string): Step;
  /** A line between the steps. */
  note(text: string): void;
  /** A line that only `--verbose` shows. */
  detail(text: string): void;
  /** Ends a step that was left open, so that the terminal's line is whole again. */
  close(): void;
}

/** Where progress goes and how it looks. */
export interface ProgressOptions {
  readonly stream: Writable & { readonly columns?: number };
  readonly style: Style;
  /** Whether lines may be redrawn. */
  readonly moving: boolean;
  readonly verbose: boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Progress for a terminal or for a log, as {@link ProgressOptions.moving} says. */
export function createProgress(options: ProgressOptions): Progress {
  const { stream, style } = options;
  let open: { readonly step: Step; readonly redraw: () => void; readonly clear: () => void } | undefined;

  const line = (text: string): void => {
    open?.clear();
    stream.write(`${text}\n`);
    open?.redraw();
  };

  const step = (text: string): Step => {
    open?.step.done();
    const started = options.now();
    const painter = options.moving ? spin(stream, style, text) : plain(stream, style, text);
    const end = (mark: string, shown: string): void => {
      if (open?.step !== current) return;
      painter.stop();
      open = undefined;
      stream.write(`${mark} ${shown}${elapsed(options.now() - started, style)}\n`);
    };
    const current: Step = {
      update: (detail) => painter.update(detail),
      flash: (detail) => {
        if (options.moving) painter.update(detail);
      },
      done: (shown = text) => end(style.green('✓'), shown),
      skip: (shown = text) => end(style.dim('-'), shown),
      fail: (shown = text) => end(style.red('✗'), shown),
    };
    open = { step: current, redraw: painter.redraw, clear: painter.clear };
    return current;
  };

  return {
    step,
    note: line,
    detail: (text) => {
      if (options.verbose) line(style.dim(text));
    },
    close: () => open?.step.fail(),
  };
}

/** Does work as one step: the step ends with the work, and fails with it. */
export async function during<T>(progress: Progress, text: string, work: (step: Step) => Promise<T>): Promise<T> {
  const step = progress.step(text);
  try {
    const result = await work(step);
    step.done();
    return result;
  } catch (error) {
    step.fail();
    throw error;
  }
}

interface Painter {
  update(detail: string): void;
  redraw(): void;
  clear(): void;
  stop(): void;
}

function spin(stream: ProgressOptions['stream'], style: Style, text: string): Painter {
  let frame = 0;
  let detail = '';
  const clear = (): void => void stream.write('\r\u001b[2K');
  const redraw = (): void => {
    const mark = FRAMES[frame % FRAMES.length] ?? FRAMES[0];
    const room = Math.max(20, (stream.columns ?? 80) - 4);
    const shown = [...(detail === '' ? text : `${text} · ${detail}`)].slice(0, room).join('');
    clear();
    stream.write(`${style.cyan(mark)} ${shown}`);
  };
  const timer = setInterval(() => {
    frame += 1;
    redraw();
  }, FRAME_MS);
  timer.unref();
  redraw();
  return {
    update: (next) => {
      detail = next;
      redraw();
    },
    redraw,
    clear,
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
}

function plain(stream: ProgressOptions['stream'], style: Style, text: string): Painter {
  let last = '';
  const nothing = (): void => {};
  stream.write(`${style.dim('•')} ${text}\n`);
  return {
    update: (detail) => {
      if (detail === '' || detail === last) return;
      last = detail;
      stream.write(`  ${style.dim(detail)}\n`);
    },
    redraw: nothing,
    clear: nothing,
    stop: nothing,
  };
}

function elapsed(ms: number, style: Style): string {
  return ms < 1000 ? '' : style.dim(` (${(ms / 1000).toFixed(1)} s)`);
}
