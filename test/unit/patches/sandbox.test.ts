import { NAME_HELPER, PATCH_GLOBALS } from '../../../lib/contract';
import { freeVariables, parseFunction } from '../../../lib/spec/free-variables';
import { Sandbox, type SandboxLimits } from '../../../syncer/patches/sandbox';
import { sandboxProgram } from '../../../syncer/patches/sandbox-program';

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.close());

/** Runs one function on one object. */
function run(source: string, object: unknown = { a: 1 }, limits: SandboxLimits = {}) {
  sandbox = new Sandbox([{ id: 'f', source }], limits);
  return sandbox.call('f', JSON.stringify(object), JSON.stringify({ name: 'web' }));
}

const object = (value: unknown) => ({ kind: 'object', text: JSON.stringify(value) });

describe('the sandbox of patches', () => {
  it('is a program that stands alone', () => {
    const parsed = parseFunction(String(sandboxProgram));
    if (parsed.kind === 'invalid') throw new Error(parsed.reason);
    const own = new Set([...PATCH_GLOBALS, NAME_HELPER, 'Reflect', 'globalThis', 'process', 'Int32Array', 'Atomics']);
    expect(freeVariables(parsed.node, own)).toEqual([]);
  });

  it('gives back what the function made', () => {
    expect(run('(o, c) => ({ ...o, name: c.name, list: [1, 2].map((n) => n + o.a) })')).toEqual(
      object({ a: 1, name: 'web', list: [2, 3] }),
    );
  });

  it.each([
    ['changes its argument', '(o) => { o.a = 2; return o; }', /read.?only/],
    ['changes what is deep in it', '(o) => { o.b.c = 2; return o; }', /read.?only/],
    ['changes what it is told', '(o, c) => { c.name = "x"; return o; }', /read.?only/],
    ['throws', '() => { throw new Error("no such size"); }', /^no such size$/],
    ['throws something strange', '() => { throw null; }', /no error/],
    ['returns nothing', '() => undefined', /did not return an object/],
    ['returns a text', '() => "x"', /did not return an object/],
    ['returns a list', '() => []', /did not return an object/],
    ['returns what JSON can’t hold', '() => ({ a: 1n })', /BigInt/],
    ['never ends its recursion', '(o) => { const f = () => f() + 1; return f(); }', /call stack/],
    ['is no function', '1 +', /is not a function/],
  ])('tells when the function %s', (_, source, reason) => {
    expect(run(source, { a: 1, b: { c: 1 } })).toEqual({ kind: 'failed', reason: expect.stringMatching(reason) });
  });

  it.each([
    'process',
    'require',
    'module',
    'Buffer',
    'fetch',
    'setTimeout',
    'queueMicrotask',
    'console',
    'Date',
    'Intl',
    'Function',
    'eval',
    'WebAssembly',
    'SharedArrayBuffer',
    'Promise',
    'Proxy',
    'Math.random',
    'globalThis',
  ])('has no %s', (name) => {
    expect(run(`() => ({ found: typeof ${name} })`)).toEqual(object({ found: 'undefined' }));
  });

  it.each([
    ['code out of text', '() => ({ x: (() => 1).constructor("return 1")() })'],
    ['code of an inner function’s constructor', '() => ({ x: (function* () {}).constructor("yield 1") })'],
    ['a change of what all share', '() => { Array.prototype.extra = 1; return {}; }'],
    ['a global variable', '() => { globalThis.kept = 1; return {}; }'],
    ['a member of its own function', 'function f() { f.kept = 1; return {}; }'],
  ])('allows no %s', (_, source) => {
    expect(run(source)).toMatchObject({ kind: 'failed' });
  });

  it('gives the same answer every time: nothing is kept from call to call', () => {
    const source =
      '(o) => { const before = typeof [].kept; try { Object.prototype.kept = 1; } catch {} return { before }; }';
    expect(run(source)).toEqual(object({ before: 'undefined' }));
    expect(sandbox?.call('f', '{}', '{}')).toEqual(object({ before: 'undefined' }));
  });

  it('never runs what a function leaves for later', () => {
    run('(o) => { import("node:fs").catch((e) => e.constructor.constructor("return process")().exit(9)); return o; }');
    expect(sandbox?.call('f', '{"a":2}', '{}')).toEqual(object({ a: 2 }));
  });

  it('ends a function that takes too long, and goes on with others', () => {
    sandbox = new Sandbox(
      [
        { id: 'slow', source: '() => { for (;;); }' },
        { id: 'good', source: '(o) => o' },
      ],
      { callMs: 100 },
    );
    expect(sandbox.call('slow', '{}', '{}')).toEqual({ kind: 'failed', reason: expect.stringContaining('100 ms') });
    sandbox.call('slow', '{}', '{}');
    sandbox.call('slow', '{}', '{}');
    const started = performance.now();
    expect(sandbox.call('slow', '{}', '{}')).toEqual({ kind: 'failed', reason: expect.stringContaining('too often') });
    expect(performance.now() - started).toBeLessThan(50);
    expect(sandbox.call('good', '{"a":1}', '{}')).toEqual(object({ a: 1 }));
  });

  it('ends a function that takes too much memory, and goes on', () => {
    const source = '(o) => { const all = []; for (; o.a;) all.push(new Array(10000).fill(o)); return o; }';
    expect(run(source, { a: 1 }, { callMs: 20_000, memoryMb: 8 })).toMatchObject({ kind: 'failed' });
    expect(sandbox?.call('f', '{"a":0}', '{}')).toEqual(object({ a: 0 }));
  }, 60_000);
});
