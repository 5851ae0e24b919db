import { KUBERNETES_VERSIONS } from '../../../host/binaries/versions';
import { podSecurityViolations, type SecuredPod } from '../../../syncer/isolation/pod-security';
import { POD_SECURITY_CHECKS } from '../../../syncer/isolation/pod-security/table';
import { ofEachContainerKind } from '../../support/pod-security/container-kinds';
import { type Fixture, readFixtures } from '../../support/pod-security/fixtures';
import { askUpstream } from '../../support/pod-security/upstream';

/** Threat 1: what a tenant writes into a pod to get at its node. */
describe.each(KUBERNETES_VERSIONS)('the Pod Security fixtures of Kubernetes %s', (kubernetes) => {
  let fixtures: readonly Fixture[];
  beforeAll(async () => {
    fixtures = await readFixtures(kubernetes);
  }, 120_000);

  const checksAgainst = ({ level, minor }: Fixture, pod: SecuredPod) =>
    podSecurityViolations(pod, { level, version: { minor } }).map(({ check }) => check);

  it('cover both levels of every version up to its own, or to the one before', () => {
    const own = Number(kubernetes.split('.')[1]);
    const newest = Math.max(...fixtures.map(({ minor }) => minor));
    expect([own - 1, own]).toContain(newest);
    for (let minor = 0; minor <= newest; minor++) {
      const held = fixtures.filter((fixture) => fixture.minor === minor);
      const kinds = new Set(held.map(({ level, passes }) => `${level} ${passes}`));
      expect([minor, kinds.size]).toEqual([minor, 4]);
    }
    expect(fixtures.length).toBeGreaterThan(3800);
  });

  it('that upstream lets pass do pass, whatever kind of container they are made of', () => {
    const refused = fixtures.filter(
      (fixture) =>
        fixture.passes &&
        [fixture.pod, ...ofEachContainerKind(fixture.pod)].some((pod) => checksAgainst(fixture, pod).length > 0),
    );
    expect(refused.map(({ file }) => file)).toEqual([]);
  });

  it('that upstream refuses are refused by the check that they were made for, whatever kind of container they are made of', () => {
    const passed = fixtures.filter(
      (fixture) =>
        !fixture.passes &&
        [fixture.pod, ...ofEachContainerKind(fixture.pod)].some(
          (pod) => !checksAgainst(fixture, pod).some((check) => answersFor(check, fixture.check)),
        ),
    );
    expect(passed.map(({ file }) => file)).toEqual([]);
  });
});

it('the newest fixtures are refused by the very checks that upstream’s own code names', async () => {
  const questions = (await readFixtures(KUBERNETES_VERSIONS[0])).flatMap(({ pod, level, minor }) =>
    [pod, ...ofEachContainerKind(pod)].map((each) => ({ pod: each, level, version: { minor } })),
  );
  const answers = await askUpstream(questions);
  const different = questions.filter(({ pod, ...at }, index) => {
    const ours = new Set(podSecurityViolations(pod, at).map(({ check }) => check));
    return [...ours].join() !== answers[index]?.map(({ check }) => check).join();
  });
  expect(different.slice(0, 3)).toEqual([]);
  expect(answers).toHaveLength(questions.length);
}, 600_000);

/** Whether a check is the one of a fixture's name, or stands for it at a higher level. */
function answersFor(check: string, ofFixture: string): boolean {
  const { id = '', replaces = '' } = POD_SECURITY_CHECKS.find(({ id }) => id === check) ?? {};
  return [id, replaces].some((name) => name.toLowerCase() === ofFixture);
}
