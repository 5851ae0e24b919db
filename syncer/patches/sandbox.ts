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
  /** Milliseconds that its start may take. @default 20000 */
  readonly startMs?: number;
  /** Megabytes of memory that all functions together may use. @default 32 */
  readonly memoryMb?: number;
}

/** A patch that has taken too long this often is not called any more: each such call stops the whole syncer. */
const PATIENCE = 3;

/**
 * Runs the functions of patches in a thread of their own, one call after the other, and waits for each. The thread is
 * there from the first call on. One that hangs or uses up its memory is ended, and the next call gets a new one.
 */
export class Sandbox {
  #running: { readonly worker: Worker; readonly port: MessagePort } | undefined;
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
    const { callMs = 500 } = this.limits;
    const { port } = this.#start();
    port.postMessage(call);
    const answer = this.#await(port, callMs);
    if (answer === undefined) {
      this.close();
      this.#overdue.set(id, (this.#overdue.get(id) ?? 0) + 1);
      return { kind: 'failed', reason: `${TOO_LONG} (${callMs} ms)` };
    }
    if (answer[0] === 'object') return { kind: 'object', text: answer[1] };
    return { kind: 'failed', reason: answer[0] === 'failed' ? answer[1] : 'the sandbox did not answer' };
  }

  /** Ends the thread. */
  close(): void {
    void this.#running?.worker.terminate();
    this.#running?.port.close();
    this.#running = undefined;
  }

  #start(): { readonly port: MessagePort } {
    if (this.#running !== undefined) return this.#running;
    const { port1, port2 } = new MessageChannel();
    const { startMs = 20_000, memoryMb = 32 } = this.limits;
    const workerData: SandboxData = {
      port: port2,
      flag: this.#signal.buffer,
      sources: this.sources,
      globals: PATCH_GLOBALS,
      nameHelper: NAME_HELPER,
    };
    Atomics.store(this.#signal, 0, 0);
    const worker = new Worker(`(${sandboxProgram})(require('node:worker_threads'), require('node:vm'))`, {
      eval: true,
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
    this.#running = { worker, port: port1 };
    this.#await(port1, startMs);
    return this.#running;
  }

  #await(port: MessagePort, milliseconds: number): SandboxAnswer | undefined {
    if (Atomics.wait(this.#signal, 0, 0, milliseconds) === 'timed-out') return undefined;
    Atomics.store(this.#signal, 0, 0);
    const received: { readonly message: SandboxAnswer } | undefined = receiveMessageOnPort(port);
    return received?.message;
  }
}

const TOO_LONG = 'it took longer, or more memory, than a patch may';
