import { compare } from '../../conformance/compare';
import { renderMarkdown } from '../../conformance/report';
import type { Outcome } from '../../conformance/results';
import type { PlaceResult } from '../../conformance/run';

const PASSED: Outcome = { kind: 'passed', attempts: 1 };
const FAILED: Outcome = { kind: 'failed', message: 'no answer', at: 'test/e2e/x.go:1' };
const SKIPPED: Outcome = { kind: 'skipped', message: 'no rights' };

function place(name: PlaceResult['place'], outcomes: Readonly<Record<string, Outcome>>): PlaceResult {
  const specs = Object.entries(outcomes).map(([text, outcome]) => ({
    text,
    sig: text.split(' ')[0] ?? '',
    seconds: 1,
    outcome,
  }));
  return { place: name, date: '2026-01-02T03:04:05.000Z', minutes: 9, procs: 4, focus: undefined, excluded: 2, specs };
}

const CONTROL = place('control', { 'node a': PASSED, 'node b': PASSED, 'apps c': PASSED, 'apps d': FAILED });
const INSIDE = place('inside', { 'node a': PASSED, 'node b': FAILED, 'apps c': SKIPPED, 'apps d': PASSED });

describe('comparing both places', () => {
  test('counts a group and all', () => {
    expect(compare(CONTROL, INSIDE).rows).toEqual([
      { sig: 'apps', specs: 2, control: 1, inside: 1, both: 0 },
      { sig: 'node', specs: 2, control: 2, inside: 1, both: 1 },
      { sig: 'all', specs: 4, control: 3, inside: 2, both: 1 },
    ]);
  });

  test('gives the share of what passes on the host, rounded down', () => {
    expect(compare(CONTROL, INSIDE).percent).toBe(33.3);
  });

  test('a spec that is skipped or missing inside has not passed', () => {
    const { differences } = compare(CONTROL, place('inside', { 'node a': PASSED, 'apps c': SKIPPED }));
    expect(differences.map(({ text, inside }) => [text, inside])).toEqual([
      ['apps c', 'skipped: no rights'],
      ['node b', 'not run'],
    ]);
  });

  test('tells what passes at one place only, and what at neither', () => {
    const { onlyInside, neither } = compare(CONTROL, { ...INSIDE, specs: [] });
    expect(onlyInside).toEqual([]);
    expect(neither).toEqual([{ text: 'apps d', control: 'no answer (test/e2e/x.go:1)' }]);
    expect(compare(CONTROL, INSIDE).onlyInside).toEqual(['apps d']);
  });

  test('without a control every failure is told, and no share', () => {
    const { percent, differences } = compare(undefined, INSIDE);
    expect(percent).toBeUndefined();
    expect(differences.map(({ text }) => text)).toEqual(['apps c', 'node b']);
  });

  test('the document has the share, the table and each failure', () => {
    const text = renderMarkdown(compare(CONTROL, INSIDE), []);
    expect(text).toContain('33.3 % of what passes on the host passes.');
    expect(text).toContain('| all | 4 | 3 | 2 | 1 |');
    expect(text).toContain('- node b\n  - no answer (test/e2e/x.go:1)');
  });
});
