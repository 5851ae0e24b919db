import * as z from 'zod';
import type { CustomReferenceRule } from '../contract';
import { type DefinitionName, pathSchema } from './custom-fields';
import { plain, text } from './fields';
import { RULES } from './rules';

/** Kinds of Kubernetes itself that a custom resource may name. */
export const REFERABLE_KINDS = ['secrets', 'configMaps', 'services', 'pods', 'persistentVolumeClaims'] as const;

/** A kind that a custom resource may name: one of Kubernetes' own, or a custom one that is itself copied to the host. */
export type ReferableKind = (typeof REFERABLE_KINDS)[number] | DefinitionName;

/** A field of a custom resource that names another object of its namespace. */
export interface CustomReference<Text = string> {
  /** Where the name stands: `spec.tls[*].secretName`, where `[*]` is each element of a list or each value of a map. */
  readonly path: string;
  /** The kind of what is named. Secrets and ConfigMaps that are named are copied to the host too. */
  readonly kind: ReferableKind;
  /**
   * Where the namespace of the named object stands. Its `[*]` are the elements in which `path` was found. An object that
   * names one of another namespace is refused.
   * @default - it can't be told: the object's own
   */
  readonly namespacePath?: string;
  /**
   * The reference counts only where another field has one of these values; an absent field counts as the value `''`.
   * Elsewhere the name stays as it is.
   * @default - it always counts
   */
  readonly when?: { readonly path: string; readonly is: readonly Text[] };
}

const referableKind = plain<ReferableKind>((text) => {
  if (REFERABLE_KINDS.some((kind) => kind === text) || text.includes('.')) return undefined;
  const allowed = `${REFERABLE_KINDS.join(', ')}, or the name of a CustomResourceDefinition`;
  return { message: 'is not a kind that can be named', params: { allowed } };
});

/** The schema of {@link CustomReference}. */
export const customReferenceSchema = z
  .strictObject({
    path: pathSchema,
    kind: referableKind,
    namespacePath: pathSchema.optional(),
    when: z
      .strictObject({
        path: pathSchema,
        is: z.array(text(RULES.free)).min(1, 'must name at least one value').readonly(),
      })
      .readonly()
      .optional(),
  })
  .readonly();

/** The schema of a list of paths. */
export const pathListSchema = z.array(pathSchema).readonly().optional();

/** The reference as the syncer is told it. */
export function resolveReference({ path, kind, namespacePath, when }: CustomReference): CustomReferenceRule {
  return {
    path,
    kind,
    ...(namespacePath === undefined ? {} : { namespacePath }),
    ...(when === undefined ? {} : { when: { path: when.path, is: [...when.is] } }),
  };
}
