import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { LABELS, SECTION_KEY, SYNCER_ENV } from '../../../lib/contract';
import { example } from '../../support/examples';
import { type SynthesizedObject, synthesized, theOnly } from './synthesized';

/** What programs print is for their users. */
let log: jest.SpyInstance;
beforeEach(() => {
  log = jest.spyOn(console, 'log').mockImplementation();
});
afterEach(() => log.mockRestore());

/** Sections of the syncer's configuration, by name. */
function sectionsIn(objects: readonly SynthesizedObject[] = []): { readonly [section: string]: string } {
  return Object.fromEntries(
    objects
      .filter(({ metadata }) => metadata.labels?.[LABELS.section] !== undefined)
      .map(({ metadata, data }) => [metadata.labels?.[LABELS.section], data[SECTION_KEY]]),
  );
}

function containersOf(objects: readonly SynthesizedObject[] | undefined): readonly SynthesizedObject[] {
  return theOnly('StatefulSet', objects).spec.template.spec.containers;
}

/** Sections that the virtual cluster waits for. */
function awaited(objects: readonly SynthesizedObject[] | undefined): readonly string[] {
  const variables = containersOf(objects).flatMap(({ env = [] }) => env);
  return variables.find(({ name }) => name === SYNCER_ENV.requiredSections)?.value.split(',') ?? [];
}

describe('quickstart-cdk8s', () => {
  it('makes a virtual cluster and says where its kubeconfig is found', () => {
    expect(Object.keys(synthesized('quickstart-cdk8s/main.ts'))).toEqual(['team-a']);
    expect(log).toHaveBeenCalledWith('kubeconfig: Secret vc-team-a in namespace vcluster-team-a');
  });
});

describe('teams', () => {
  const clusters = synthesized('teams/main.ts');
  const policies = synthesized('teams/policies.ts');
  const teams = ['team-a', 'team-b', 'team-c'];

  it('has a virtual cluster for each team in a namespace of its own', () => {
    expect(Object.keys(clusters)).toEqual(teams);
    expect(teams.map((team) => theOnly('StatefulSet', clusters[team]).metadata.namespace)).toEqual([
      'vcluster-team-a',
      'vcluster-team-b',
      'vcluster-team-c',
    ]);
  });

  it.each(teams)('%s gets everything that it waits for, half of it from the policies', (team) => {
    const own = Object.keys(sectionsIn(clusters[team]));
    const declared = Object.keys(sectionsIn(policies[team]));
    expect(declared.sort()).toEqual(['nodes', 'sync']);
    expect([...own, ...declared].sort()).toEqual([...awaited(clusters[team])].sort());
  });

  it('runs each team on its own pool', () => {
    const pools = teams.map((team) => JSON.parse(sectionsIn(policies[team]).nodes ?? '').selector['example.com/pool']);
    expect(pools).toEqual(['general', 'general', 'gpu']);
  });
});

describe('endpoints', () => {
  const charts = () => synthesized('endpoints/main.ts');
  const serverOf = (objects: readonly SynthesizedObject[] | undefined): string =>
    JSON.parse(sectionsIn(objects).endpoint ?? '').server;

  it('leads to one cluster by a route of the Gateway', () => {
    const { edge, 'team-a': teamA } = charts();
    const gateway = theOnly('Gateway', edge);
    const route = theOnly('TLSRoute', teamA);
    expect(route.spec.parentRefs).toEqual([
      { name: gateway.metadata.name, namespace: gateway.metadata.namespace, sectionName: 'clusters' },
    ]);
    expect(serverOf(teamA)).toBe(`https://${route.spec.hostnames[0]}`);
  });

  it('leads to the other by an Ingress', () => {
    const { 'team-b': teamB } = charts();
    const ingress = theOnly('Ingress', teamB);
    expect(ingress.metadata.annotations).toEqual({ 'haproxy.org/ssl-passthrough': 'true' });
    expect(serverOf(teamB)).toBe(`https://${ingress.spec.rules[0].host}`);
  });
});

describe('own-scheduler', () => {
  it('has a scheduler in the control plane, for nodes of the pool', () => {
    const { 'team-a': objects } = synthesized('own-scheduler/main.ts');
    expect(containersOf(objects).map(({ name }) => name)).toContain('kube-scheduler');
    expect(JSON.parse(sectionsIn(objects).nodes ?? '')).toMatchObject({
      selector: { 'example.com/pool': 'team-a' },
      scheduling: { by: 'own' },
    });
  });
});

describe('preview-environments', () => {
  afterEach(() => {
    delete process.env.PREVIEW;
  });

  it('makes a cluster of the name in the environment, whose data nobody keeps', () => {
    process.env.PREVIEW = 'pr-17';
    const { preview } = synthesized('preview-environments/main.ts');
    const { metadata, spec } = theOnly('StatefulSet', preview);
    expect(metadata).toMatchObject({ name: 'pr-17', namespace: 'vcluster-pr-17' });
    expect(spec.volumeClaimTemplates).toBeUndefined();
  });

  it('is deployed and deleted under that name by the workflow', () => {
    const file = example('preview-environments/.github/workflows/preview.yaml');
    const { env, jobs } = parse(readFileSync(file, 'utf8'));
    const commandsOf = (job: { steps: { run?: string }[] }): string => job.steps.map(({ run }) => run).join('\n');
    expect(env.PREVIEW).toMatch(/^pr-/);
    expect(commandsOf(jobs.deploy)).toMatch(/npm run deploy\nnpx sublet connect "\$PREVIEW"/);
    expect(commandsOf(jobs.delete)).toMatch(/npx sublet delete "\$PREVIEW" --ignore-not-found --yes/);
  });

  it('asks for the name where it is missing', () => {
    expect(() => synthesized('preview-environments/main.ts')).toThrow(/PREVIEW is not set/);
  });
});
