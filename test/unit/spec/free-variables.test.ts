import { freeVariables, parseFunction } from '../../../lib/spec/free-variables';

const KNOWN = new Set(['Object', 'Math', 'undefined']);

function freeIn(text: string): readonly string[] {
  const parsed = parseFunction(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return freeVariables(parsed.node, KNOWN);
}

describe('names that a function does not declare', () => {
  it.each<[string, readonly string[]]>([
    ['(a) => a', []],
    ['(a) => b', ['b']],
    ['(a, b = a) => b', []],
    ['(a = b) => a', ['b']],
    ['({ a, b: { c }, ...d }, [e, ...f]) => [a, c, d, e, f, b]', ['b']],
    ['(a) => a.b.c', []],
    ['(a) => a[b]', ['b']],
    ['(a) => a?.b?.[0]', []],
    ['(a) => ({ b: 1, a, [c]: 2, d() { return a; } })', ['c']],
    ['function f(a) { return f(a) + arguments.length; }', []],
    ['f(a) { return a; }', []],
    ['(a) => { const b = 1; let c = b; var d; return [b, c, d]; }', []],
    ['(a) => { { const b = 1; } return b; }', ['b']],
    ['(a) => { if (a) { var b = 1; } return b; }', []],
    ['(a) => { g(); function g() {} }', []],
    ['(a) => { for (const b of a) b(); for (let i = 0; i < 1; i++) i; return i; }', ['i']],
    ['(a) => { for (b in a) b(); }', ['b']],
    ['(a) => { try { a(); } catch (e) { return e; } }', []],
    ['(a) => { class B extends C { d = e; static { f(); } } return new B(); }', ['C', 'e', 'f']],
    ['(a) => { switch (a) { case 1: let b; default: return b; } }', []],
    ['(a) => { outer: for (;;) break outer; }', []],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is a program
    ['(a) => `${a}${b}`', ['b']],
    ['(a) => { a = 1; b = 2; }', ['b']],
    ['(a) => { ({ b, c: a.d } = a); }', ['b']],
    ['(a) => typeof b', ['b']],
    ['(a) => a.map((b) => b + c)', ['c']],
    ['(a) => import("x")', ['import']],
    ['(a) => Math.max(Math.random(), Object.keys(a).length)', ['Math.random']],
    ['(a) => new.target', []],
  ])('%s: %j', (text, expected) => {
    // `new.target` stands only in functions that are no arrows.
    expect(freeIn(text.includes('new.target') ? 'function (a) { return new.target; }' : text)).toEqual(expected);
  });

  it.each(['a + b', 'class A {}', 'function () { [native code] }', '', '(a) => a)(', '1); (2'])(
    '%s is no function',
    (text) => {
      expect(parseFunction(text).kind).toBe('invalid');
    },
  );
});
