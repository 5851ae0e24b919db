import fc from 'fast-check';
import { podSecurityViolations } from '../../../syncer/isolation/pod-security';
import { POD_SECURITY_CHECKS } from '../../../syncer/isolation/pod-security/table';
import { randomPods } from '../../support/pod-security/random-pods';
import { askUpstream, type Forbidden, type Question } from '../../support/pod-security/upstream';

const PODS = 4000;

/** The minors in which a check changes, and the ones before. */
const CHANGES = POD_SECURITY_CHECKS.flatMap(({ forms }) => forms.flatMap(({ from }) => [from, Math.max(0, from - 1)]));

/** Up to one that upstream does not know yet, and takes for its newest. */
const anyVersion = fc.oneof(
  fc.integer({ min: 0, max: 38 }).map((minor) => ({ minor })),
  fc.constantFrom(...new Set(CHANGES)).map((minor) => ({ minor })),
  fc.constantFrom('latest' as const),
);

/** Threat 1: a pod that upstream would refuse must not run because we read the standards another way, nor the reverse. */
describe('random pods', () => {
  const seed = Date.now() % 2 ** 31;
  const pods = fc.sample(fc.tuple(randomPods(), fc.tuple(anyVersion, anyVersion, anyVersion)), { numRuns: PODS, seed });
  const questions: readonly Question[] = pods.flatMap(([pod, versions]) =>
    versions.flatMap((version) => (['baseline', 'restricted'] as const).map((level) => ({ pod, level, version }))),
  );
  let answers: readonly (readonly Forbidden[])[];
  beforeAll(async () => {
    answers = await askUpstream(questions);
  }, 600_000);

  const first = (wrong: (question: Question, answer: readonly Forbidden[]) => boolean) => {
    const index = questions.findIndex((question, at) => wrong(question, answers[at] ?? []));
    const question = questions[index];
    return question && JSON.stringify({ seed, ...question, upstream: answers[index], ours: violations(question) });
  };

  it('are refused by the same checks as upstream refuses them by, at each level and version', () => {
    expect(answers).toHaveLength(questions.length);
    const differs = first((question, answer) => {
      const ours = new Set(violations(question).map(({ check }) => check));
      return [...ours].join() !== answer.map(({ check }) => check).join();
    });
    expect(differs).toBeUndefined();
  });

  it('have every container named that upstream names', () => {
    const unnamed = first((question, answer) =>
      answer.some(({ check, detail }) => {
        const named = violations(question).filter((violation) => violation.check === check);
        return containersIn(detail).some((path) => !named.some(({ field }) => field.startsWith(path)));
      }),
    );
    expect(unnamed).toBeUndefined();
  });

  it('are of every sort: each check refuses some, and at both levels some pass', () => {
    const refusing = new Set(answers.flatMap((answer) => answer.map(({ check }) => check)));
    expect([...refusing].sort()).toEqual(POD_SECURITY_CHECKS.map(({ id }) => id).sort());
    for (const level of ['baseline', 'restricted']) {
      const passed = questions.filter((question, index) => question.level === level && answers[index]?.length === 0);
      expect(passed.length).toBeGreaterThan(PODS / 100);
    }
  });
});

function violations({ pod, ...at }: Question) {
  return podSecurityViolations(pod, at);
}

const KINDS = new Map([
  ['main', 'containers'],
  ['init', 'initContainers'],
  ['debug', 'ephemeralContainers'],
]);

/** Paths of the containers that upstream's words quote. */
function containersIn(detail: string): readonly string[] {
  return [...detail.matchAll(/"(main|init|debug)-(\d)"/g)].map(
    ([, kind = '', index]) => `spec.${KINDS.get(kind)}[${index}].`,
  );
}
