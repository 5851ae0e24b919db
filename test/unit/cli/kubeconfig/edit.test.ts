import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { dropEntry, editKubeconfig, putEntry, useContext } from '../../../../cli/kubeconfig/edit';
import { entryFromSecret, type KubeconfigEntry } from '../../../../cli/kubeconfig/entry';
import { memoryOf, parseKubeconfig, selectContext } from '../../../../cli/kubeconfig/read';

const entry: KubeconfigEntry = {
  name: 'vcluster_a_teams_host',
  cluster: { server: 'https://127.0.0.1:4444', 'certificate-authority-data': 'Q0E=' },
  user: { 'client-certificate-data': 'Q0VSVA==' },
  memory: { hostContext: 'host', cluster: 'a', namespace: 'teams' },
};

const kubectlFile = `apiVersion: v1
clusters:
- cluster:
    server: https://host:6443   # the office
  name: host
contexts:
- context:
    cluster: host
    user: jane
  name: host
current-context: host
kind: Config
preferences: {}
users:
- name: jane
  user:
    token: "0123"
`;

describe('editing a kubeconfig', () => {
  it('adds an entry and leaves the other lines as they are', () => {
    const edited = editKubeconfig(kubectlFile, [putEntry(entry), useContext(entry.name)]);
    const kept = kubectlFile.split('\n').filter((line) => !line.startsWith('current-context'));
    for (const line of kept) expect(edited.split('\n')).toContain(line.replace('   #', ' #'));
    expect(parse(edited)['current-context']).toBe(entry.name);
    expect(parse(edited).clusters).toHaveLength(2);
  });

  it('replaces the entry of the same name in its place', () => {
    const twice = [putEntry(entry), putEntry({ ...entry, cluster: { server: 'https://127.0.0.1:5555' } })];
    const edited = parse(editKubeconfig(kubectlFile, twice));
    expect(edited.clusters.map((each: { name: string }) => each.name)).toEqual(['host', entry.name]);
    expect(edited.clusters[1].cluster).toEqual({ server: 'https://127.0.0.1:5555' });
  });

  it('takes an entry away again without a trace, and goes back to the host', () => {
    const added = editKubeconfig(kubectlFile, [putEntry(entry), useContext(entry.name)]);
    expect(editKubeconfig(added, [dropEntry(entry.name, 'host')])).toBe(editKubeconfig(kubectlFile, []));
    expect(parse(editKubeconfig(added, [dropEntry(entry.name, 'gone')]))['current-context']).toBe('');
  });

  it('makes a new file where there is none', () => {
    const made = editKubeconfig('', [putEntry(entry), useContext(entry.name)]);
    expect(parse(made)).toMatchObject({ apiVersion: 'v1', kind: 'Config', 'current-context': entry.name });
    expect(selectContext(parseKubeconfig(made), entry.name).cluster.server).toBe('https://127.0.0.1:4444');
  });

  it('does not touch what is no kubeconfig', () => {
    expect(() => editKubeconfig('- a\n- b\n', [putEntry(entry)])).toThrow(/not a YAML mapping/);
    expect(() => editKubeconfig('a: [', [putEntry(entry)])).toThrow(/was not changed/);
  });

  it('lets every other entry survive, whatever it holds', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.dictionary(fc.string(), fc.string()));
    const named = (field: string) =>
      fc.uniqueArray(
        fc.record({ name: fc.string({ minLength: 1 }), [field]: fc.dictionary(fc.string({ minLength: 1 }), value) }),
        { selector: (each) => each.name, maxLength: 4 },
      );
    const file = fc.record({
      clusters: named('cluster'),
      users: named('user'),
      contexts: named('context'),
      'current-context': fc.string(),
      extra: value,
    });
    fc.assert(
      fc.property(file, (before) => {
        fc.pre(![...before.clusters, ...before.users, ...before.contexts].some((each) => each.name === entry.name));
        const text = stringify(before);
        const added = editKubeconfig(text, [putEntry(entry), useContext(entry.name)]);
        expect(parse(added)).toMatchObject({ extra: parse(text).extra });
        for (const section of ['clusters', 'users', 'contexts'] as const) {
          expect(parse(added)[section].slice(0, -1)).toEqual(parse(text)[section]);
        }
        const back = parse(editKubeconfig(added, [dropEntry(entry.name, before['current-context'])]));
        expect({ ...back, 'current-context': '' }).toEqual({ ...parse(text), 'current-context': '' });
      }),
    );
  });
});

describe('the context of a virtual cluster', () => {
  it('leads back to the host, so that commands mean the host while it is current', () => {
    const config = parseKubeconfig(editKubeconfig(kubectlFile, [putEntry(entry), useContext(entry.name)]));
    expect(memoryOf(config.contexts.get(entry.name))).toEqual(entry.memory);
    expect(selectContext(config, undefined).name).toBe('host');
    expect(selectContext(config, entry.name).name).toBe(entry.name);
  });

  it('has the certificates of the Secret and the address of the port-forward', () => {
    const secret = stringify({
      clusters: [{ name: 'x', cluster: { server: 'https://localhost:8443', 'certificate-authority-data': 'Q0E=' } }],
      users: [{ name: 'x', user: { 'client-key-data': 'S0VZ' } }],
    });
    const memory = { hostContext: 'host', cluster: 'a', namespace: 'teams' };
    expect(entryFromSecret('ctx', secret, 'https://127.0.0.1:1', memory)).toEqual({
      name: 'ctx',
      cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'Q0E=' },
      user: { 'client-key-data': 'S0VZ' },
      memory,
    });
    expect(() => entryFromSecret('ctx', 'clusters: []', 'https://x', memory)).toThrow(/not complete yet/);
  });
});
