import type { MessagePort } from 'node:worker_threads';

/** A patch in one direction, as the sandbox is told it. */
export interface SandboxSource {
  /** Under which it is called. */
  readonly id: string;
  /** A function expression. */
  readonly source: string;
}

/** What the sandbox is started with. */
export interface SandboxData {
  readonly port: MessagePort;
  /** An Int32 that becomes 1 with each answer. */
  readonly flag: SharedArrayBuffer;
  readonly sources: readonly SandboxSource[];
  /** Globals that the functions find. */
  readonly globals: readonly string[];
  readonly nameHelper: string;
}

/** A call: the id of a patch, the object and the context as JSON. */
export type SandboxCall = readonly [id: string, object: string, context: string];

/** An answer: the new object as JSON, or what went wrong, in words. */
export type SandboxAnswer = readonly ['object', string] | readonly ['failed', string] | readonly ['ready'];

/**
 * The program of the sandbox. It is started from its own text in a worker thread, so it can use nothing but its
 * arguments and what every thread has; a test keeps it so.
 *
 * The functions of patches live in a context without anything of Node, whose built-ins are frozen, so that nothing can
 * be kept from one call to the next, and in which no code can be made of text. Only texts cross its border: an object
 * of this thread would be a way out of it. Promises are never settled in it, for nothing that it evaluates ever ends.
 */
export function sandboxProgram(
  threads: Pick<typeof import('node:worker_threads'), 'workerData'>,
  vm: Pick<typeof import('node:vm'), 'createContext' | 'runInContext' | 'constants'>,
): void {
  const { port, flag, sources, globals, nameHelper }: SandboxData = threads.workerData;
  // A promise that nobody waits for must not end the thread.
  process.on('unhandledRejection', () => undefined);
  // What comes out of the context all the same finds an empty house.
  for (const name of [
    'process',
    'require',
    'module',
    'exports',
    'fetch',
    'WebSocket',
    'EventSource',
    'navigator',
    'setTimeout',
    'setInterval',
    'setImmediate',
  ])
    Reflect.deleteProperty(globalThis, name);

  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  });
  const inside = `'use strict';
    ((all, { parse, stringify }, freeze, names, { ownKeys, getOwnPropertyDescriptor, getPrototypeOf }, keep, nameHelper) => {
      delete Math.random;
      const everything = [all];
      const seen = new Set();
      for (const value of everything) {
        if (seen.has(value) || value === null || (typeof value !== 'object' && typeof value !== 'function')) continue;
        seen.add(value);
        if (value !== all) {
          for (const key of ownKeys(value)) {
            const { value: member, get, set } = getOwnPropertyDescriptor(value, key);
            everything.push(member, get, set);
          }
          everything.push(getPrototypeOf(value));
        } else for (const name of names(all)) everything.push(getOwnPropertyDescriptor(all, name).value);
      }
      seen.delete(all);
      for (const value of seen) freeze(value);
      for (const name of names(all)) if (!keep.has(name)) delete all[name];
      all[nameHelper] = (named) => named;
      freeze(all);
      const deepFrozen = (value) => {
        if (typeof value !== 'object' || value === null) return value;
        for (const key of names(value)) deepFrozen(value[key]);
        return freeze(value);
      };
      return (transform) => {
        freeze(transform);
        return (object, context) => {
          try {
            const result = transform(deepFrozen(parse(object)), deepFrozen(parse(context)));
            if (typeof result !== 'object' || result === null || names(result).includes('length')) return 'f' + 'it did not return an object';
            return 'o' + stringify(result);
          } catch (error) {
            try {
              return 'f' + error.message;
            } catch {
              return 'f' + 'it threw something that is no error';
            }
          }
        };
      };
    })(globalThis, JSON, Object.freeze, Object.getOwnPropertyNames, Reflect, new Set(${JSON.stringify(globals)}), ${JSON.stringify(nameHelper)})`;
  const harness: (transform: unknown) => (object: string, context: string) => string = vm.runInContext(inside, context);

  const compiled = new Map<string, (object: string, context: string) => string>();
  for (const { id, source } of sources) {
    try {
      compiled.set(id, harness(vm.runInContext(`'use strict';(${source}\n)`, context, { filename: id })));
    } catch {
      compiled.set(id, () => 'fit is not a function');
    }
  }

  const answer = (message: SandboxAnswer): void => {
    port.postMessage(message);
    const signal = new Int32Array(flag);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  };
  port.on('message', ([id, object, about]: SandboxCall) => {
    const text = compiled.get(id)?.(object, about) ?? 'fit is not known';
    answer([text.startsWith('o') ? 'object' : 'failed', text.slice(1)]);
  });
  answer(['ready']);
}
