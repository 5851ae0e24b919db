import { mergeRetry, readReport, type SpecResult } from '../../conformance/results';

const spec = (text: string, more: object = {}) => ({
  ContainerHierarchyTexts: ['[sig-node] Pods'],
  LeafNodeType: 'It',
  LeafNodeText: `${text} [Conformance]`,
  State: 'passed',
  RunTime: 2_400_000_000,
  NumAttempts: 1,
  ...more,
});
const failure = (message: string) => ({
  Message: message,
  Location: { FileName: '/home/me/mod/k8s.io/kubernetes@v1.37.2/test/e2e/common/node/pods.go', LineNumber: 7 },
});
const read = (...specs: object[]) => readReport([{ SpecReports: specs }], undefined);
const outcome = (more: object) => read(spec('runs', more)).specs[0]?.outcome;

describe('the report of the conformance program', () => {
  test('names each spec by its full text and its group', () => {
    expect(read(spec('runs')).specs).toEqual([
      {
        text: '[sig-node] Pods runs [Conformance]',
        sig: 'sig-node',
        seconds: 2,
        outcome: { kind: 'passed', attempts: 1 },
      },
    ]);
  });

  test.each([
    ['passed', { State: 'passed' }, { kind: 'passed', attempts: 1 }],
    [
      'failed, with the first line and the place in Kubernetes',
      { State: 'failed', Failure: failure('pod never ran\nmore') },
      { kind: 'failed', message: 'pod never ran', at: 'test/e2e/common/node/pods.go:7' },
    ],
    [
      'failed, with the line that a heading announces',
      { State: 'failed', Failure: failure('Unexpected error:\n    <*url.Error>: refused') },
      { kind: 'failed', message: 'Unexpected error: <*url.Error>: refused', at: 'test/e2e/common/node/pods.go:7' },
    ],
    [
      'timed out, without a message',
      { State: 'timedout', Failure: failure('') },
      { kind: 'failed', message: 'timedout', at: 'test/e2e/common/node/pods.go:7' },
    ],
    [
      'skipped by itself',
      { State: 'skipped', Failure: failure('needs two nodes') },
      { kind: 'skipped', message: 'needs two nodes' },
    ],
    ['not reached in time', { State: 'skipped', NumAttempts: 0 }, { kind: 'unfinished' }],
    ['interrupted', { State: 'interrupted' }, { kind: 'unfinished' }],
  ])('tells that a spec %s', (_, more, expected) => {
    expect(outcome(more)).toEqual(expected);
  });

  test('counts serial and disruptive specs as excluded', () => {
    const { specs, excluded } = read(spec('runs'), spec('evicts all [Serial]'), spec('reboots [Disruptive]'));
    expect([specs.length, excluded]).toEqual([1, 2]);
  });

  test('leaves out what is no conformance spec, and what the focus does not choose', () => {
    const other = { ...spec('x'), LeafNodeText: 'x' };
    const setUp = spec('x', { LeafNodeType: 'SynchronizedBeforeSuite' });
    const { specs } = readReport([{ SpecReports: [other, setUp, spec('runs'), spec('ends')] }], 'Pods r');
    expect(specs.map(({ text }) => text)).toEqual(['[sig-node] Pods runs [Conformance]']);
  });
});

describe('running failed specs again', () => {
  const result = (kind: SpecResult['outcome']): SpecResult => ({
    text: 'a',
    sig: 'sig-node',
    seconds: 1,
    outcome: kind,
  });
  const failed = result({ kind: 'failed', message: 'first', at: 'x:1' });

  test.each([
    ['passes alone', failed, result({ kind: 'passed', attempts: 1 }), { kind: 'passed', attempts: 2 }],
    [
      'fails again, and tells how it failed alone',
      failed,
      result({ kind: 'failed', message: 'second', at: 'x:1' }),
      { kind: 'failed', message: 'second', at: 'x:1' },
    ],
    ['is not reached again', failed, result({ kind: 'unfinished' }), failed.outcome],
    [
      'had passed',
      result({ kind: 'passed', attempts: 1 }),
      result({ kind: 'failed', message: 'x', at: 'x:1' }),
      { kind: 'passed', attempts: 1 },
    ],
  ])('a spec that %s', (_, first, again, expected) => {
    expect(mergeRetry([first], [again])[0]?.outcome).toEqual(expected);
  });
});
