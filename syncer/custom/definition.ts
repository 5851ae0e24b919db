import { isDeepStrictEqual } from 'node:util';
import { ANNOTATIONS, isReservedKey, LABELS } from '../../lib/contract';
import { mergePatch } from '../engine/diff';
import { exactPatch } from './kept-fields';
import type { CustomResourceDefinition, DefinitionVersion } from './types';

/** What is to be done with the definition of a custom kind in the virtual cluster. Pure. */
export type DefinitionDecision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'create'; readonly object: CustomResourceDefinition }
  | { readonly kind: 'patch'; readonly patch: object }
  /** The tenant has a definition of its own that says something else. It is left alone. */
  | { readonly kind: 'differs' };

/** Annotations of a definition that mean something to API servers and tools: approval, and which release it is of. */
const SHOWN_ANNOTATIONS = /^(api-approved\.kubernetes\.io$|gateway\.networking\.k8s\.io\/|cert-manager\.io\/inject-)/;

/**
 * What brings the virtual definition in line with the host's. `version` is the one in which objects are copied: where
 * the host converts between versions by a webhook, the virtual API server can't, and serves that one alone.
 */
export function decideDefinition(
  host: CustomResourceDefinition,
  current: CustomResourceDefinition | undefined,
  version: string | undefined,
): DefinitionDecision {
  if (current === undefined) return { kind: 'create', object: desiredDefinition(host, undefined, version) };
  const desired = desiredDefinition(host, current, version);
  if (current.metadata.labels?.[LABELS.imported] !== 'true')
    return isDeepStrictEqual(comparable(desired), comparable(current)) ? { kind: 'nothing' } : { kind: 'differs' };
  const spec = exactPatch({ ...desired.spec }, withoutDefaults(current, desired));
  const patch = { ...mergePatch(desired, current, []), ...(spec && { spec }) };
  return Object.keys(patch).length === 0 ? { kind: 'nothing' } : { kind: 'patch', patch };
}

/** The definition that the virtual cluster shall have. Versions in which it has stored objects never go. */
export function desiredDefinition(
  host: CustomResourceDefinition,
  current: CustomResourceDefinition | undefined,
  version: string | undefined,
): CustomResourceDefinition {
  const { name = '', labels = {}, annotations = {}, uid = '' } = host.metadata;
  const { versions, conversion, ...spec } = host.spec;
  const only = conversion?.strategy === 'Webhook' ? (version ?? storageVersion(versions)) : undefined;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name,
      labels: {
        ...Object.fromEntries(Object.entries(labels).filter(([key]) => !isReservedKey(key))),
        [LABELS.imported]: 'true',
      },
      annotations: {
        ...Object.fromEntries(Object.entries(annotations).filter(([key]) => SHOWN_ANNOTATIONS.test(key))),
        [ANNOTATIONS.importedUid]: uid,
      },
    },
    spec: {
      ...spec,
      conversion: { strategy: 'None' },
      versions: [...versions.map((one) => onlyServed(one, only)), ...stillStored(versions, current)],
    },
  };
}

/** The version of a definition, undefined when it has none of that name. */
export function versionOf(
  definition: CustomResourceDefinition | undefined,
  name: string,
): DefinitionVersion | undefined {
  return definition?.spec.versions.find((version) => version.name === name);
}

function onlyServed(version: DefinitionVersion, only: string | undefined): DefinitionVersion {
  return only === undefined ? version : { ...version, served: version.name === only, storage: version.name === only };
}

/** Versions that the host has given up, while the virtual cluster may still hold objects stored in them. */
function stillStored(
  versions: readonly DefinitionVersion[],
  current: CustomResourceDefinition | undefined,
): readonly DefinitionVersion[] {
  const stored = current?.status?.storedVersions ?? [];
  return (current?.spec.versions ?? [])
    .filter(({ name }) => stored.includes(name) && !versions.some((version) => version.name === name))
    .map((version) => ({ ...version, served: false, storage: false }));
}

function storageVersion(versions: readonly DefinitionVersion[]): string | undefined {
  return versions.find(({ storage }) => storage)?.name;
}

/** What of two definitions must agree for the tenant's own to do. */
function comparable({ spec }: CustomResourceDefinition): object {
  const { group, scope, names, versions } = spec;
  return { group, scope, kind: names.kind, plural: names.plural, versions };
}

/** What the API server fills in by itself is no difference. */
function withoutDefaults(current: CustomResourceDefinition, desired: CustomResourceDefinition) {
  const wanted = new Set(Object.keys(desired.spec));
  return Object.fromEntries(Object.entries(current.spec).filter(([key]) => wanted.has(key)));
}
