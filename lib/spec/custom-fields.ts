import { customKindProblem } from '../contract/custom-groups';
import { plain } from './fields';
import { RULES } from './rules';

/** The name of a CustomResourceDefinition: `<plural>.<group>`. */
export type DefinitionName = `${string}.${string}`;

const VERSION = /^v[0-9]+((alpha|beta)[0-9]+)?$/;
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/;
const STEP = '[A-Za-z_][A-Za-z0-9_-]*(\\[\\*\\])*';
const PATH = new RegExp(`^${STEP}(\\.${STEP})*$`);
const FIELD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

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
  const kind = splitDefinition(text);
  const problem = RULES.domain.test(kind.group) ? customKindProblem(kind) : ({ kind: 'notCustom' } as const);
  switch (problem?.kind) {
    case undefined:
      return undefined;
    case 'switched':
      return { message: 'has options of its own', params: { hint: `use ${problem.options}` } };
    case 'notCustom':
      return {
        message: 'is not a custom kind',
        params: { allowed: 'the name of a CustomResourceDefinition: foos.example.com' },
      };
  }
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
