import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readDeclaration, readSpec } from '../../../../cli/cluster/declaration';
import { generate, resolveSpec } from '../../../../lib';
import { generatePolicy } from '../../../../lib/manifests/policies/policy';
import { resolvePolicy } from '../../../../lib/spec';

const CLUSTER = 'name: team-a\nrequires: [nodes, sync]\n';
const NODES = 'kind: NodeSyncPolicy\nmode: selected\nselector: { pool: team-a }\n';
const SYNC = 'kind: SyncPolicy\ncluster: { name: team-a }\ntoHost: { ingresses: { enabled: true } }\n';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sublet-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Files with these texts, as `-f` takes them. */
async function files(...texts: readonly string[]) {
  const names = texts.map((_, index) => join(directory, `${index}.yaml`));
  await Promise.all(names.map((name, index) => writeFile(name, texts[index] ?? '')));
  return { values: names, set: [] };
}

const idOf = ({ kind, metadata: { name, namespace = '' } }: { kind: string; metadata: Record<string, string> }) =>
  `${kind} ${namespace}/${name}`;

describe('policies in files beside their virtual cluster', () => {
  it('make the objects that the constructs make, whether in files of their own or in documents of one', async () => {
    const nodes = { mode: 'selected', selector: { pool: 'team-a' } } as const;
    const sync = { toHost: { ingresses: { enabled: true } } };
    const cluster = { name: 'team-a' };
    const expected = [
      ...generate(resolveSpec({ name: 'team-a', requires: ['nodes', 'sync'] })),
      ...generatePolicy(resolvePolicy('nodes', { cluster: { ...cluster, declares: { sync } }, ...nodes })),
      ...generatePolicy(resolvePolicy('sync', { cluster: { ...cluster, declares: { nodes } }, ...sync })),
    ].map(({ object }) => object);
    const apart = await readDeclaration(undefined, await files(CLUSTER, NODES, SYNC));
    const together = await readDeclaration(undefined, await files([SYNC, CLUSTER, NODES].join('---\n')));
    for (const { yaml } of [apart, together]) {
      const objects = parseAllDocuments(yaml).map((document) => document.toJS());
      const byId = (all: readonly unknown[]) => new Map(all.map((one) => [idOf(one as never), one]));
      expect(byId(objects)).toEqual(byId(expected));
      expect(objects.at(-1)).toMatchObject({ kind: 'StatefulSet' });
    }
  });

  it('count as declared: nothing is off that one of them switches on', async () => {
    const { whole, spec } = await readSpec(undefined, await files(CLUSTER, NODES));
    expect(whole.requires).toEqual(['sync']);
    expect(whole.sections.nodes).toMatchObject({ mode: 'selected', selector: { pool: 'team-a' } });
    expect(spec.requires).toEqual(['nodes', 'sync']);
  });

  it('on a host without measurements ask for none, be the nodes declared by a policy here or elsewhere', async () => {
    const elsewhere = await readSpec(undefined, { ...(await files(CLUSTER)), hostMetrics: false });
    expect(elsewhere.whole.requires).toContain('nodes');
    const here = await readSpec(undefined, { ...(await files(CLUSTER, NODES)), hostMetrics: false });
    expect(here.whole.sections.nodes.metrics.source).toBe('none');
  });

  it.each([
    ['a kind that is none', [CLUSTER, 'kind: NodePolicy\nmode: all\n'], /1\.yaml: kind "NodePolicy" is not known/],
    ['one that is not required', ['name: team-a\n', NODES], /does not wait for this policy/],
    ['one that is declared twice', [CLUSTER, NODES, NODES], /2\.yaml: NodeSyncPolicy is declared a second time/],
    [
      'one of another virtual cluster',
      [CLUSTER, SYNC.replace('team-a', 'team-b')],
      /1\.yaml: SyncPolicy is for virtual cluster "team-b"/,
    ],
    ['a wrong field', [CLUSTER, NODES.replace('selector', 'selectr')], /nodes policy of virtual cluster "team-a"/],
  ])('refuse %s', async (_what, texts, message) => {
    await expect(readDeclaration(undefined, await files(...texts))).rejects.toThrow(message);
  });
});
