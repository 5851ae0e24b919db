import * as z from 'zod';
import type { ImportSelector } from '../../contract';
import { text, textsByKey } from '../fields';
import { RULES } from '../rules';

/** Which host objects are meant: those that meet every part that is given. */
export interface ObjectSelector<Text = string> {
  /** Names, one of which the object must have. @default - any name */
  readonly names?: readonly Text[];
  /** Labels that the object must carry. @default - any labels */
  readonly matchLabels?: { readonly [key: string]: Text };
  /** Further demands on its labels, as in Kubernetes. @default - none */
  readonly matchExpressions?: readonly LabelRequirement<Text>[];
}

/** One demand on an object's labels. */
export type LabelRequirement<Text = string> =
  | { readonly key: Text; readonly operator: 'In' | 'NotIn'; readonly values: readonly [Text, ...Text[]] }
  | { readonly key: Text; readonly operator: 'Exists' | 'DoesNotExist' };

const requirement = z.discriminatedUnion('operator', [
  z.strictObject({
    key: text(RULES.labelKey),
    operator: z.enum(['In', 'NotIn']),
    values: z.array(text(RULES.labelValue)).min(1, 'must name at least one value').readonly(),
  }),
  z.strictObject({ key: text(RULES.labelKey), operator: z.enum(['Exists', 'DoesNotExist']) }),
]);

/** The schema of {@link ObjectSelector}. */
export const objectSelectorSchema = z
  .strictObject({
    names: z.array(text(RULES.subdomain)).min(1, 'must name at least one object').readonly().optional(),
    matchLabels: textsByKey(RULES.labelValue).optional(),
    matchExpressions: z.array(requirement).readonly().optional(),
  })
  .readonly();

/** Fills in the defaults. */
export function resolveSelector({ names, matchLabels, matchExpressions }: ObjectSelector = {}): ImportSelector {
  return {
    ...(names === undefined ? {} : { names: [...names] }),
    ...(matchLabels === undefined ? {} : { matchLabels: { ...matchLabels } }),
    ...(matchExpressions === undefined
      ? {}
      : {
          matchExpressions: matchExpressions.map((one) =>
            'values' in one ? { key: one.key, operator: one.operator, values: [...one.values] } : { ...one },
          ),
        }),
  };
}

/** Whether a kind of the host is shown in the virtual cluster, and which of its objects. */
export interface ImportedKind<Text = string> {
  /** Whether the kind is shown. Naming a selector switches it on too. @default - see the kind */
  readonly enabled?: boolean;
  /** Which of its objects are shown. @default - all objects */
  readonly selector?: ObjectSelector<Text>;
}

/** The schema of {@link ImportedKind}. */
export const importedKindSchema = z
  .strictObject({ enabled: z.boolean().optional(), selector: objectSelectorSchema.optional() })
  .readonly();

/** Fills in the defaults; naming a selector switches a kind on. */
export function resolveImportedKind(kind: ImportedKind | undefined, enabledByDefault: boolean) {
  const enabled = kind?.enabled ?? (kind?.selector === undefined ? enabledByDefault : true);
  return { enabled, selector: resolveSelector(kind?.selector) };
}

/** Whether a kind of the virtual cluster is copied to the host. */
export interface SwitchedKind {
  /** Whether the kind is copied. @default - see the kind */
  readonly enabled?: boolean;
}

/** The schema of {@link SwitchedKind}. */
export const switchedKindSchema = z.strictObject({ enabled: z.boolean().optional() }).readonly();

/** Fills in the default. */
export function resolveSwitchedKind(kind: SwitchedKind | undefined, enabledByDefault: boolean) {
  return { enabled: kind?.enabled ?? enabledByDefault };
}
