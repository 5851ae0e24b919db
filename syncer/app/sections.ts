import {
  type Configuration,
  LABELS,
  parseSection,
  SECTION_KEY,
  type SectionName,
  SubletError,
} from '../../lib/contract';
import type { Cache, KubeObject } from '../kube/types';

/** A ConfigMap as the configuration reads it. */
export interface SectionConfigMap extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

/** The configuration as it stands: every section that exists, unparsed, by name. */
export type SectionTexts = ReadonlyMap<string, string>;

/** Reads the sections out of the ConfigMaps that carry this cluster's label. */
export function readSections(configMaps: readonly SectionConfigMap[]): SectionTexts {
  const texts = new Map<string, string>();
  for (const { metadata, data } of configMaps) {
    const section = metadata.labels?.[LABELS.section];
    const text = data?.[SECTION_KEY];
    if (section !== undefined && text !== undefined) texts.set(section, text);
  }
  return texts;
}

/** Names of the required sections that do not exist. */
export function missingSections(texts: SectionTexts, required: readonly string[]): readonly string[] {
  return required.filter((name) => !texts.has(name));
}

/**
 * Waits until every required section exists, and reads them all.
 * @throws SubletError `CONFIG_INVALID` when a section is wrong, or missing without being required
 */
export async function waitForSections(
  cache: Cache<SectionConfigMap>,
  required: readonly string[],
  onMissing: (names: readonly string[]) => void,
  signal: AbortSignal,
): Promise<{ readonly configuration: Configuration; readonly texts: SectionTexts }> {
  await cache.waitForSync(signal);
  const texts = await new Promise<SectionTexts>((resolve, reject) => {
    const look = (): boolean => {
      const found = readSections(cache.list());
      const missing = missingSections(found, required);
      if (missing.length > 0) {
        onMissing(missing);
        return false;
      }
      resolve(found);
      return true;
    };
    if (look()) return;
    const end = cache.subscribe(() => look() && end());
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return { configuration: parseSections(texts), texts };
}

function parseSections(texts: SectionTexts): Configuration {
  const section = <Name extends SectionName>(name: Name) => {
    const text = texts.get(name);
    if (text === undefined)
      throw new SubletError('CONFIG_INVALID', `section ${name}: must be among the required sections`);
    return parseSection(name, text);
  };
  return {
    core: section('core'),
    sync: section('sync'),
    nodes: section('nodes'),
    services: section('services'),
    namespaces: section('namespaces'),
    'custom-resources': section('custom-resources'),
    endpoint: section('endpoint'),
    isolation: section('isolation'),
    backup: section('backup'),
  };
}

/** Calls back once when a section that was there at the start changes or goes: it takes a restart to apply that. */
export function onSectionChange(
  cache: Cache<SectionConfigMap>,
  started: SectionTexts,
  changed: (names: readonly string[]) => void,
): () => void {
  return cache.subscribe(() => {
    const now = readSections(cache.list());
    const names = [...started].filter(([name, text]) => now.get(name) !== text).map(([name]) => name);
    if (names.length > 0) changed(names);
  });
}
