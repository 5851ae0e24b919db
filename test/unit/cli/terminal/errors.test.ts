import pc from 'picocolors';
import { EXIT, exitCodeOf, formatError, reportError } from '../../../../cli/terminal/errors';
import { type ErrorCode, SubletError } from '../../../../lib/contract';
import { SpecError } from '../../../../lib/spec';

const plain = pc.createColors(false);

describe('formatError', () => {
  it('says what is wrong, by which code, and what to do next', () => {
    const error = new SubletError('CLUSTER_EXISTS', '"a" exists already', { hint: 'use --upgrade\nor delete it' });
    expect(formatError(error, plain)).toBe(
      'error "a" exists already [CLUSTER_EXISTS]\nnext  use --upgrade\n      or delete it\n',
    );
  });

  it('shows every problem of a declaration on a line of its own, with path, value and what is allowed', () => {
    const issues = [
      { path: 'dns.replicas', value: 0, message: 'is too small', allowed: '1 or more' },
      { path: 'storre', value: {}, message: 'is not known', hint: 'did you mean store?' },
    ];
    expect(formatError(new SpecError(issues, 'virtual cluster "a"'), plain).split('\n')).toEqual([
      'error virtual cluster "a": 2 problems in its declaration [SPEC_INVALID]',
      '  dns.replicas (0): is too small; allowed: 1 or more',
      '  storre: is not known; did you mean store?',
      '',
    ]);
  });

  it('names what nobody foresaw as unexpected, with its causes only when asked', () => {
    const error = new TypeError('x is not a function', { cause: new Error('deeper') });
    expect(formatError(error, plain)).toBe('error unexpected: x is not a function\n');
    expect(formatError(error, plain, true)).toContain('caused by: x is not a function\ncaused by: deeper\n');
  });

  it('uses colour only where it is on', () => {
    expect(formatError(new SubletError('USAGE', 'no'), pc.createColors(true))).toContain('\u001b[');
  });
});

describe('exitCodeOf', () => {
  it.each<[ErrorCode, number]>([
    ['USAGE', EXIT.usage],
    ['SPEC_INVALID', EXIT.usage],
    ['NAME_INVALID', EXIT.usage],
    ['NOT_READY', EXIT.notReady],
    ['API_UNREACHABLE', EXIT.failure],
    ['INTERRUPTED', EXIT.failure],
  ])('%s ends with %d', (code, expected) => {
    expect(exitCodeOf(new SubletError(code, ''))).toBe(expected);
  });
});

describe('reportError', () => {
  it('gives programs the code, the hint and every wrong field', () => {
    const issues = [{ path: 'dns.replicas', value: 0, message: 'is too small', allowed: '1 or more' }];
    const [item] = reportError(new SpecError(issues, 'virtual cluster "a"')).items;
    expect(item).toMatchObject({ code: 'SPEC_INVALID', issues });
    const exists = new SubletError('CLUSTER_EXISTS', '"a" exists already', { hint: 'use --upgrade' });
    expect(reportError(exists).items).toEqual([
      { code: 'CLUSTER_EXISTS', message: '"a" exists already', hint: 'use --upgrade' },
    ]);
  });
});
