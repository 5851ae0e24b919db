import { parseOptions } from '../../conformance/options';

describe('the command line of the conformance run', () => {
  test('runs both places, the control first, and takes the host down', () => {
    expect(parseOptions([])).toEqual({
      places: ['control', 'inside'],
      focus: undefined,
      procs: 4,
      limitMinutes: 90,
      keepHost: false,
      retry: true,
      out: 'conformance-results',
    });
  });

  test('takes every option', () => {
    const words = '--only inside --focus DNS --procs 2 --limit 20 --keep-host --no-retry --out /x'.split(' ');
    expect(parseOptions(words)).toEqual({
      places: ['inside'],
      focus: 'DNS',
      procs: 2,
      limitMinutes: 20,
      keepHost: true,
      retry: false,
      out: '/x',
    });
  });

  test.each([
    ['an unknown place', ['--only', 'both'], '--only both'],
    ['no number', ['--procs', 'many'], '--procs many'],
    ['no time', ['--limit', '0'], '--limit 0'],
    ['a broken expression', ['--focus', '('], '--focus ('],
    ['an unknown flag', ['--fast'], '--fast'],
  ])('refuses %s', (_, words, named) => {
    expect(() => parseOptions(words)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => parseOptions(words)).toThrow(named);
  });
});
