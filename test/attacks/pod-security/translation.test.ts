import { KUBERNETES_VERSIONS } from '../../../host/binaries/versions';
import type { PodSecurityLevel, SecuredPod } from '../../../syncer/isolation/pod-security';
import type { PodContext } from '../../../syncer/pods';
import { POD_SECURITY } from '../../../syncer/pods/security';
import { podTranslation } from '../../../syncer/pods/translation';
import { ofEachContainerKind } from '../../support/pod-security/container-kinds';
import { type Fixture, readFixtures } from '../../support/pod-security/fixtures';
import { askUpstream } from '../../support/pod-security/upstream';
import { sectionsOf } from '../../unit/engine/sections';
import { podContext, virtualPod } from '../../unit/pods/fixtures';

/** Threat 1, on the whole way of a pod to its host: `isolation` has the level and the version of the fixture. */
describe('the newest Pod Security fixtures, written by a tenant', () => {
  let tried: readonly ReturnType<typeof translate>[];
  beforeAll(async () => {
    const fixtures = await readFixtures(KUBERNETES_VERSIONS[0]);
    tried = fixtures.flatMap((fixture) =>
      [fixture.pod, ...ofEachContainerKind(fixture.pod)].map((pod) => translate(fixture, pod)),
    );
  }, 300_000);

  it('reach the host when upstream lets them pass', () => {
    const kept = tried.filter(({ fixture, translation }) => fixture.passes && translation.kind !== 'object');
    expect(kept.map(({ fixture }) => fixture.file)).toEqual([]);
    expect(tried.length).toBeGreaterThan(18_000);
  });

  it('are refused in the name of the standard when upstream refuses them, unless it is for an annotation that stays behind', () => {
    const others = tried.filter(
      ({ fixture, translation }) =>
        !fixture.passes && !(translation.kind === 'refused' && REASONS.includes(translation.reason)),
    );
    const checks = new Set(others.map(({ fixture }) => fixture.check));
    expect([...checks].sort()).toEqual(['apparmorprofile', 'seccompprofile_baseline']);
    for (const { fixture, translation } of others) {
      const forbidden = Object.keys(fixture.pod.metadata.annotations ?? {});
      const carried = translation.kind === 'object' ? translation.object.metadata.annotations : {};
      expect(forbidden).not.toEqual([]);
      expect(Object.keys(carried ?? {}).filter((key) => forbidden.includes(key))).toEqual([]);
    }
  });

  it('never reach the host as a pod that upstream’s own code refuses', async () => {
    const onHost = tried.flatMap(({ fixture: { file, level, minor }, translation }) =>
      translation.kind === 'object' ? [{ file, pod: translation.object, level, version: { minor } }] : [],
    );
    const answers = await askUpstream(onHost);
    const wrong = onHost.filter((_, index) => answers[index]?.length !== 0);
    expect(wrong.map(({ file }) => file)).toEqual([]);
    expect(answers).toHaveLength(onHost.length);
  }, 600_000);
});

/** The list of fields refuses volumes from git before the standard is asked. */
const REASONS = [POD_SECURITY, 'FieldNotAllowed'];

function translate(fixture: Fixture, pod: SecuredPod) {
  const metadata = { ...virtualPod().metadata, ...pod.metadata, name: 'a', namespace: 'default' };
  return { fixture, translation: podTranslation(virtualPod({ metadata, spec: pod.spec }), contextOf(fixture)) };
}

const contexts = new Map<string, PodContext>();

function contextOf({ level, minor }: { readonly level: PodSecurityLevel; readonly minor: number }): PodContext {
  const key = `${level} ${minor}`;
  const context =
    contexts.get(key) ??
    podContext({ sections: sectionsOf({ isolation: { level, podSecurityVersion: `1.${minor}` } }) });
  contexts.set(key, context);
  return context;
}
