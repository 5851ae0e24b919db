import {
  type Configuration,
  LABELS,
  SECTION_KEY,
  SECTIONS,
  type SectionName,
  sectionConfigMapName,
} from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { JsonText } from '../json-text';
import { metadata } from '../metadata';
import type { Slot } from '../slot';
import { coreSection } from './core';

/** Names of the configuration sections that must be there before any workload is synced. */
export const REQUIRED_SECTIONS: readonly SectionName[] = Object.keys(SECTIONS) as SectionName[];

/** The sections of the syncer's configuration that the virtual cluster declares itself, a ConfigMap each. */
export function sectionSlots(spec: ResolvedSpec): readonly Slot[] {
  const contents: Configuration = { core: coreSection(spec), ...spec.sections };
  const own = REQUIRED_SECTIONS.filter((name) => !spec.requires.some((required) => required === name));
  return own.map((name) => sectionSlot(spec, name, contents[name]));
}

/** One section, as the virtual cluster or a policy declares it. */
export function sectionSlot<Name extends SectionName>(
  spec: ResolvedSpec,
  name: Name,
  content: Configuration[Name],
): Slot {
  return { slot: `config/${name}`, object: sectionObject(spec, name, content) };
}

function sectionObject(spec: ResolvedSpec, name: SectionName, content: Configuration[SectionName]) {
  const meta = metadata(spec, sectionConfigMapName(spec.name, name));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...meta, labels: { ...meta.labels, [LABELS.configOf]: spec.name, [LABELS.section]: name } },
    data: { [SECTION_KEY]: new JsonText(content) },
  };
}
