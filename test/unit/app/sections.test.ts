import { LABELS, SECTION_KEY } from '../../../lib/contract';
import {
  missingSections,
  onSectionChange,
  readSections,
  type SectionConfigMap,
  waitForSections,
} from '../../../syncer/app/sections';
import { RESOURCES } from '../../../syncer/kube/resources';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';

const CORE = JSON.stringify(ARTICLE.config);

const section = (name: string, text: string): SectionConfigMap => ({
  metadata: { name: `config-${name}`, namespace: 'team-a', labels: { [LABELS.section]: name } },
  data: { [SECTION_KEY]: text },
});

const ALL = [
  section('core', CORE),
  ...Object.entries(ARTICLE.sections).map(([name, content]) => section(name, JSON.stringify(content))),
];

/** A host with these sections, and somebody who waits for some. */
function waiting(required: readonly string[], sections: readonly SectionConfigMap[] = []) {
  const host = new MemoryApi('host');
  for (const each of sections) host.put(RESOURCES.configMaps, each);
  const cache = host.cache<SectionConfigMap>(RESOURCES.configMaps);
  const missing: (readonly string[])[] = [];
  const stop = new AbortController();
  const result = waitForSections(cache, required, (names) => missing.push(names), stop.signal);
  result.catch(() => undefined);
  return { host, cache, missing, stop, result };
}

describe('the configuration', () => {
  it('is every section that exists, by name; other ConfigMaps are none', () => {
    const other: SectionConfigMap = { metadata: { name: 'other' }, data: { [SECTION_KEY]: 'x' } };
    const empty: SectionConfigMap = { metadata: { name: 'empty', labels: { [LABELS.section]: 'empty' } } };
    const texts = readSections([section('core', 'a'), section('quota', 'b'), other, empty]);
    expect([...texts]).toEqual([
      ['core', 'a'],
      ['quota', 'b'],
    ]);
    expect(missingSections(texts, ['core', 'empty', 'policy'])).toEqual(['empty', 'policy']);
  });
});

describe('nothing begins before every required section exists', () => {
  it('and goes on when they do', async () => {
    const { result, missing } = waiting(['core', 'quota'], [...ALL, section('quota', '{}')]);
    const { configuration, texts } = await result;
    expect(configuration).toEqual({ core: ARTICLE.config, ...ARTICLE.sections });
    expect([...texts.keys()].sort()).toEqual([...Object.keys(configuration), 'quota'].sort());
    expect(missing).toEqual([]);
  });

  it('and tells what is missing, until the last one comes', async () => {
    const { host, result, missing } = waiting(['core', 'quota', 'policy'], ALL);
    await new Promise(setImmediate);
    host.put(RESOURCES.configMaps, section('quota', '{}'));
    host.put(RESOURCES.configMaps, section('policy', '{}'));
    await result;
    expect(missing).toEqual([['quota', 'policy'], ['policy']]);
  });

  it('and is called off when the syncer is stopped', async () => {
    const { result, stop } = waiting(['core']);
    await new Promise(setImmediate);
    stop.abort(new Error('stopped'));
    await expect(result).rejects.toThrow('stopped');
  });

  it.each<[string, readonly string[], string]>([
    ['is wrong', ['core'], JSON.stringify({ ...ARTICLE.config, version: 2 })],
    ['is not JSON', ['core'], '{'],
  ])('but fails when the core section %s', async (_how, required, text) => {
    const { result } = waiting(required, [section('core', text)]);
    await expect(result).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('but fails when the core section is neither there nor required', async () => {
    await expect(waiting([]).result).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('a section that changes calls for a restart', () => {
  async function started() {
    const { host, cache, result } = waiting(['core', 'quota'], [...ALL, section('quota', '{}')]);
    const changes: (readonly string[])[] = [];
    onSectionChange(cache, (await result).texts, (names) => changes.push(names));
    return { host, changes };
  }

  it('when its text does', async () => {
    const { host, changes } = await started();
    host.put(RESOURCES.configMaps, section('quota', '{"a":1}'));
    expect(changes).toEqual([['quota']]);
  });

  it('when it goes', async () => {
    const { host, changes } = await started();
    host.remove(RESOURCES.configMaps, 'team-a/config-quota');
    expect(changes).toEqual([['quota']]);
  });

  it('but not when only its metadata changes, nor when a section comes that was not there', async () => {
    const { host, changes } = await started();
    const quota = section('quota', '{}');
    host.put(RESOURCES.configMaps, { ...quota, metadata: { ...quota.metadata, annotations: { note: 'x' } } });
    host.put(RESOURCES.configMaps, section('policy', '{}'));
    expect(changes).toEqual([]);
  });
});
