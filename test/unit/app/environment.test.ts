import { SubletError, SYNCER_ENV } from '../../../lib/contract';
import { readEnvironment } from '../../../syncer/app/environment';

const GIVEN = {
  [SYNCER_ENV.cluster]: 'my-vcluster',
  [SYNCER_ENV.namespace]: 'team-a',
  [SYNCER_ENV.podName]: 'my-vcluster-0',
  [SYNCER_ENV.podIp]: '10.0.0.1',
};

describe("the environment of the syncer's container", () => {
  it('says what the syncer must know before it can read anything', () => {
    expect(readEnvironment({ ...GIVEN, PATH: '/bin' })).toEqual({
      cluster: 'my-vcluster',
      namespace: 'team-a',
      podName: 'my-vcluster-0',
      podIp: '10.0.0.1',
      requiredSections: ['core'],
      logLevel: 'info',
      replicated: false,
    });
  });

  it.each([
    ['core', ['core']],
    ['core,quota', ['core', 'quota']],
    ['core,', ['core']],
    ['', []],
  ])('names the required sections: "%s"', (text, expected) => {
    const { requiredSections } = readEnvironment({ ...GIVEN, [SYNCER_ENV.requiredSections]: text });
    expect(requiredSections).toEqual(expected);
  });

  it('tells whether other pods may serve the same cluster', () => {
    expect(readEnvironment({ ...GIVEN, [SYNCER_ENV.replicated]: 'true' }).replicated).toBe(true);
  });

  it('may be of a pod with an IPv6 address', () => {
    expect(readEnvironment({ ...GIVEN, [SYNCER_ENV.podIp]: 'fd00::1' }).podIp).toBe('fd00::1');
  });

  it.each<[string, NodeJS.ProcessEnv, string[]]>([
    ['nothing', {}, Object.keys(GIVEN)],
    ['an empty name', { ...GIVEN, [SYNCER_ENV.cluster]: '' }, [SYNCER_ENV.cluster]],
    ['a name for an address', { ...GIVEN, [SYNCER_ENV.podIp]: 'localhost' }, [SYNCER_ENV.podIp]],
    ['an unknown log level', { ...GIVEN, [SYNCER_ENV.logLevel]: 'loud' }, [SYNCER_ENV.logLevel]],
  ])('with %s is refused, and each wrong variable named', (_case, variables, wrong) => {
    let thrown: unknown;
    try {
      readEnvironment(variables);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SubletError);
    expect(thrown).toMatchObject({ code: 'CONFIG_INVALID' });
    for (const name of wrong) expect(String(thrown)).toContain(`${name}:`);
  });
});
