import type * as z from 'zod';
import { SubletError } from '../errors';
import { backupSection } from './backup';
import { coreSection } from './core';
import { customResourcesSection } from './custom-resources';
import { endpointSection } from './endpoint';
import { isolationSection } from './isolation';
import { namespacesSection } from './namespaces';
import { nodesSection } from './nodes';
import { servicesSection } from './services';
import { syncSection } from './sync';

/** Every known section and its schema. */
export const SECTIONS = {
  core: coreSection,
  sync: syncSection,
  nodes: nodesSection,
  services: servicesSection,
  namespaces: namespacesSection,
  'custom-resources': customResourcesSection,
  endpoint: endpointSection,
  isolation: isolationSection,
  backup: backupSection,
} as const;

/** The name of a section. */
export type SectionName = keyof typeof SECTIONS;

/** The content of one section. */
export type SectionContent<Name extends SectionName> = z.infer<(typeof SECTIONS)[Name]>;

/** The whole configuration of a syncer: every section by its name. */
export type Configuration = { readonly [Name in SectionName]: SectionContent<Name> };

/**
 * Reads one section.
 * @throws SubletError `CONFIG_INVALID` naming each wrong field by its path
 */
export function parseSection<Name extends SectionName>(name: Name, text: string): SectionContent<Name> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SubletError('CONFIG_INVALID', `section ${name}: not JSON`, { cause });
  }
  const result = SECTIONS[name].safeParse(value);
  if (result.success) return result.data as SectionContent<Name>;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  throw new SubletError('CONFIG_INVALID', `section ${name}: ${problems.join('; ')}`);
}
