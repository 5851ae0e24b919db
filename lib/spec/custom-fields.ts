import { plain } from './fields';
import { RULES } from './rules';

/** The name of a CustomResourceDefinition: `<plural>.<group>`. */
export type DefinitionName = `${string}.${string}`;

const PLURAL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const VERSION = /^v[0-9]+((alpha|beta)[0-9]+)?$/;
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/;
const STEP = '[A-Za-z_][A-Za-z0-9_-]*(\\[\\*\\])*';
const PATH = new RegExp(`^${STEP}(\\.${STEP})*$`);
const FIELD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Groups of Kubernetes itself: what is in them is no custom resource, though it may look so. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(
  [
    'admissionregistration',
    'apiextensions',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'flowcontrol.apiserver',
    'internal.apiserver',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
  ].map((group) => `${group}.k8s.io`),
);

/** Groups that have a switch of their own, which knows what their objects refer to. */
const SWITCHED_GROUPS: { readonly [group: string]: string } = {
  'gateway.networking.k8s.io': 'sync.toHost.gatewayApi and sync.fromHost.gatewayClasses',
  'snapshot.storage.k8s.io': 'sync.toHost.volumeSnapshots and sync.fromHost.volumeSnapshotClasses',
};

/** Plural and group of a {@link DefinitionName}. */
export function splitDefinition(definition: string): { readonly plural: string; readonly group: string } {
  const dot = definition.indexOf('.');
  return { plural: definition.slice(0, dot), group: definition.slice(dot + 1) };
}

/** The `*` steps at the front of a path: two paths that share them speak of the same element. */
export function starsOf(path: string): string {
  return path.slice(0, path.lastIndexOf('[*]') + 1);
}

/** The schema of a {@link DefinitionName}. */
export const definitionSchema = plain<DefinitionName>((text) => {
  const { plural, group } = splitDefinition(text);
  const isName = PLURAL.test(plural) && RULES.domain.test(group) && group.includes('.');
  const option = SWITCHED_GROUPS[group];
  if (option !== undefined) return { message: 'has options of its own', params: { hint: `use ${option}` } };
  if (isName && !BUILT_IN_GROUPS.has(group)) return undefined;
  return {
    message: 'is not a custom kind',
    params: { allowed: 'the name of a CustomResourceDefinition: foos.example.com' },
  };
});

/** The schema of an API version. */
export const versionSchema = plain((text) =>
  VERSION.test(text)
    ? undefined
    : { message: 'is not a version', params: { allowed: 'a version such as v1 or v1beta1' } },
);

/** The schema of an object's `kind`. */
export const kindSchema = plain((text) =>
  KIND.test(text) ? undefined : { message: 'is not a kind', params: { allowed: 'a kind as objects state it: Foo' } },
);

/** The schema of a dotted path, with `[*]` for each element of a list or each value of a map. */
export const pathSchema = plain((text) =>
  PATH.test(text)
    ? undefined
    : { message: 'is not a path', params: { allowed: 'a path such as spec.tls[*].secretName' } },
);

/** The schema of a top-level field that may be copied. */
export const fieldSchema = plain((text) => {
  if (FIELD.test(text) && !RESERVED_FIELDS.has(text)) return undefined;
  return { message: 'cannot be copied', params: { allowed: 'a top-level field besides metadata and status' } };
});

const RESERVED_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status', '__proto__']);
