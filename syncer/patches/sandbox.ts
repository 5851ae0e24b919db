import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { NAME_HELPER, PATCH_GLOBALS } from '../../lib/contract';
import {
  type SandboxAnswer,
  type SandboxCall,
  type SandboxData,
  type SandboxSource,
  sandboxProgram,
} from './sandbox-program';

/** What came of a call. */
export type SandboxResult =
  | { readonly kind: 'object'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Bounds of the sandbox. */
export interface SandboxLimits {
  /** Milliseconds that one call may take. @default 500 */
  readonly callMs?: number;
  /** Milliseconds that the first call may wait for its start. @default 5000 */
  readonly startMs?: number;
  /** Megabytes of memory that all functions together may use. @default 32 */
  readonly memoryMb?: number;
}

/** A patch that has taken too long this often is not called any more: each such call stops the whole syncer. */
const PATIENCE = 3;

/**
 * Runs the functions of patches in a thread of their own, one call after the other, and waits for each. A thread that
 * hangs or uses up its memory is ended, and the next call gets a new one.
 */
export class Sandbox {
  #running: RunningThread | undefined;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  readonly #overdue = new Map<string, number>();

  constructor(
    private readonly sources: readonly SandboxSource[],
    private readonly limits: SandboxLimits = {},
  ) {}

  /** Calls a patch. Both arguments and the result are JSON. */
  call(...call: SandboxCall): SandboxResult {
    const [id] = call;
    if ((this.#overdue.get(id) ?? 0) >= PATIENCE) return { kind: 'failed', reason: `${TOO_LONG} too often` };
    const { callMs = 500, startMs = 5_000 } = this.limits;
    const thread = this.#running ?? this.start();
    if (!thread.ready && this.#await(thread.port, startMs) === undefined) return this.#giveUp(id, NOT_STARTED);
    thread.ready = true;
    thread.port.postMessage(call);
    const answer = this.#await(thread.port, callMs);
    if (answer === undefined) return this.#giveUp(id, `${TOO_LONG} (${callMs} ms)`);
    if (answer[0] === 'object') return { kind: 'object', text: answer[1] };
    return { kind: 'failed', reason: answer[0] === 'failed' ? answer[1] : NOT_STARTED };
  }

  #giveUp(id: string, reason: string): SandboxResult {
    this.close();
    this.#overdue.set(id, (this.#overdue.get(id) ?? 0) + 1);
    return { kind: 'failed', reason };
  }

  /** Ends the thread. */
  close(): void {
    void this.#running?.worker.terminate();
    this.#running?.port.close();
    this.#running = undefined;
  }

  /** Starts the thread without waiting for it, so that the first call need not. */
  start(): RunningThread {
    const { port1, port2 } = new MessageChannel();
    const { memoryMb = 32 } = this.limits;
    const workerData: SandboxData = {
      port: port2,
      flag: this.#signal.buffer,
      sources: this.sources,
      globals: PATCH_GLOBALS,
      nameHelper: NAME_HELPER,
    };
    Atomics.store(this.#signal, 0, 0);
    ensureWorkingDirectory();
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`), {
      workerData,
      transferList: [port2],
      env: {},
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
    });
    // That it ended shows in the call that gets no answer.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#running?.worker === worker) this.#running = undefined;
    });
    worker.unref();
    port1.unref();
    const thread: RunningThread = { worker, port: port1, ready: false };
    this.#running = thread;
    return thread;
  }

  #await(port: MessagePort, milliseconds: number): SandboxAnswer | undefined {
    if (Atomics.wait(this.#signal, 0, 0, milliseconds) === 'timed-out') return undefined;
    Atomics.store(this.#signal, 0, 0);
    const received: { readonly message: SandboxAnswer } | undefined = receiveMessageOnPort(port);
    return received?.message;
  }
}

/** No thread starts in a process whose working directory is gone. */
function ensureWorkingDirectory(): void {
  try {
    process.cwd();
  } catch {
    process.chdir('/');
  }
}

/** A thread, and whether it has answered yet. */
interface RunningThread {
  readonly worker: Worker;
  readonly port: MessagePort;
  ready: boolean;
}

const PROGRAM = [
  "import threads from 'node:worker_threads';",
  "import vm from 'node:vm';",
  `(${sandboxProgram})(threads, vm);`,
].join('\n');
const NOT_STARTED = 'its sandbox did not start';
const TOO_LONG = 'it took longer, or more memory, than a patch may';
