import { ANNOTATIONS } from '../../../lib/contract';
import { mergePatch } from '../../../syncer/engine/diff';
import { hostMetadata } from '../../../syncer/engine/metadata';
import type { ClusterContext } from '../../../syncer/engine/types';
import type { KubeObject } from '../../../syncer/kube/types';
import { ARTICLE } from './context';
import { patched } from './memory-patch';
import { sectionsOf } from './sections';

const CONTEXT: ClusterContext = {
  ...ARTICLE,
  sections: sectionsOf({
    sync: { labels: { preserve: ['team', 'tier'] }, annotations: { toHost: { services: ['example.com/*'] } } },
  }),
};

const MERGE = 'application/merge-patch+json';

type Wishes = { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };

const virtual = (wishes: Wishes = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', ...wishes },
});
const desired = (wishes: Wishes): KubeObject => ({ metadata: hostMetadata(virtual(wishes), CONTEXT) });

/** A host object as it is once the writes that are due have been made. */
function settled(wishes: Wishes, current: KubeObject): KubeObject {
  const patch = mergePatch(desired(wishes), current, []);
  return patch === undefined ? current : applied(current, patch);
}

const applied = ({ metadata }: KubeObject, patch: object): KubeObject => {
  const { metadata: after } = patched({ metadata }, patch, MERGE);
  return { metadata: after };
};

/** The same object after somebody on the host has changed it. */
const onHost = ({ metadata }: KubeObject, { labels = {}, annotations = {} }: Changes): KubeObject => ({
  metadata: {
    ...metadata,
    labels: kept({ ...metadata.labels, ...labels }),
    annotations: kept({ ...metadata.annotations, ...annotations }),
  },
});
type Changes = {
  readonly labels?: Record<string, string | undefined>;
  readonly annotations?: Record<string, string | undefined>;
};
const kept = (map: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(map).filter((entry): entry is [string, string] => entry[1] !== undefined));

const WISHES = { labels: { team: 'a' }, annotations: { 'example.com/x': '1', 'other.com/y': '2' } };

describe('keys that a tenant gives and that reach the host as they are', () => {
  it('are remembered by name, as vCluster does, and by the hash of their value', () => {
    const { labels, annotations = {} } = desired({ ...WISHES, labels: { team: 'a', tier: 'b' } }).metadata;
    expect(labels).toMatchObject({ team: 'a', tier: 'b' });
    expect(annotations['example.com/x']).toBe('1');
    expect(annotations).not.toHaveProperty(['other.com/y']);
    expect(annotations[ANNOTATIONS.managedLabels]).toBe('team\ntier');
    expect(annotations[ANNOTATIONS.managedAnnotations]).toBe('example.com/x');
    expect(JSON.parse(annotations[ANNOTATIONS.managedValues] ?? '')).toEqual({
      labels: { team: 'ca978112ca', tier: '3e23e81600' },
      annotations: { 'example.com/x': '6b86b273ff' },
    });
  });

  it('leave nothing behind to remember when there are none', () => {
    const { annotations = {} } = desired({ labels: { app: 'web' }, annotations: { 'other.com/y': '2' } }).metadata;
    expect(Object.keys(annotations).filter((key) => key.includes('managed'))).toEqual([]);
  });

  it('need no write when nothing has changed', () => {
    expect(mergePatch(desired(WISHES), desired(WISHES), [])).toBeUndefined();
  });

  it('follow the tenant: added, changed, taken away', () => {
    const first = settled({}, desired({}));
    const second = settled(WISHES, first);
    expect(second).toEqual(desired(WISHES));
    const changed = { labels: { team: 'b' }, annotations: { 'example.com/z': '3' } };
    expect(settled(changed, second)).toEqual(desired(changed));
    expect(settled({}, settled(changed, second))).toEqual(first);
  });

  it.each<[string, Changes]>([
    ['another value of a label', { labels: { team: 'host' } }],
    ['another value of an annotation', { annotations: { 'example.com/x': 'host' } }],
    ['no label', { labels: { team: undefined } }],
    ['no annotation', { annotations: { 'example.com/x': undefined } }],
  ])('are left alone when the host gives them %s', (_what, change) => {
    expect(mergePatch(desired(WISHES), onHost(desired(WISHES), change), [])).toBeUndefined();
  });

  it('are written again when the tenant changes them, once', () => {
    const taken = onHost(desired(WISHES), { labels: { team: 'host' } });
    const wishes = { ...WISHES, labels: { team: 'b' } };
    const written = settled(wishes, taken);
    expect(written.metadata.labels?.team).toBe('b');
    expect(mergePatch(desired(wishes), onHost(written, { labels: { team: 'host' } }), [])).toBeUndefined();
  });

  it('stay when the tenant takes them away but the host has given them another value', () => {
    const taken = onHost(desired(WISHES), { labels: { team: 'host' } });
    const after = settled({ annotations: WISHES.annotations }, taken);
    expect(after.metadata.labels?.team).toBe('host');
    expect(after.metadata.annotations).not.toHaveProperty([ANNOTATIONS.managedLabels]);
  });

  it('are the host’s when the host had them first, whatever the tenant does', () => {
    const theirs = onHost(desired({}), { labels: { team: 'a', tier: 'host' } });
    expect(mergePatch(desired({ labels: { team: 'a', tier: 'b' } }), theirs, [])).toBeUndefined();
    expect(mergePatch(desired({}), theirs, [])).toBeUndefined();
  });

  it('are taken for the host’s when nothing readable says that they are not', () => {
    const broken = onHost(desired(WISHES), { annotations: { [ANNOTATIONS.managedValues]: '{' } });
    const after = settled({}, broken);
    expect(after.metadata.labels?.team).toBe('a');
    expect(after.metadata.annotations).not.toHaveProperty([ANNOTATIONS.managedValues]);
  });

  it('cost two writers no more than one write each', () => {
    let current = desired(WISHES);
    let writes = 0;
    for (let round = 0; round < 50; round += 1) {
      current = onHost(current, {
        labels: { team: 'host', injected: 'yes' },
        annotations: { 'example.com/x': 'host' },
      });
      const patch = mergePatch(desired(WISHES), current, []);
      if (patch !== undefined) writes += 1;
      current = patch === undefined ? current : applied(current, patch);
    }
    expect(writes).toBe(0);
    expect(current.metadata.labels).toMatchObject({ team: 'host', injected: 'yes' });
  });
});

it('our own keys are put back whoever changes them', () => {
  const { metadata } = desired(WISHES);
  const own = Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith('vcluster.loft.sh/'));
  for (const key of own) {
    const forged = onHost(desired(WISHES), { labels: { [key]: 'forged' } });
    expect(mergePatch(desired(WISHES), forged, [])).toEqual({
      metadata: { labels: { [key]: metadata.labels?.[key] } },
    });
  }
  expect(own).toHaveLength(2);
});
