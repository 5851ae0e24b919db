import * as z from 'zod';
import type { CustomResourcesSection } from '../contract';
import {
  type DefinitionName,
  definitionSchema,
  fieldSchema,
  kindSchema,
  splitDefinition,
  versionSchema,
} from './custom-fields';
import { type CustomReference, customReferenceSchema, pathListSchema, resolveReference } from './custom-references';
import { checkImports, checkRules } from './custom-rules';
import { plainText, texts } from './fields';
import { type Patch, resolvePatch } from './patches';
import { RULES } from './rules';
import { ANNOTATION_PATTERN } from './sync/key-pattern';
import { type ObjectSelector, objectSelectorSchema, resolveSelector } from './sync/selector';

/** A custom kind. Its CustomResourceDefinition is copied from the host into the virtual cluster and kept in step. */
export interface CustomKind {
  /** The name of its CustomResourceDefinition: `certificates.cert-manager.io`. */
  readonly definition: DefinitionName;
  /** The version in which its objects are copied: `v1`. */
  readonly version: string;
  /** What its objects state as `kind`: `Certificate`. */
  readonly kind: string;
}

/** Annotations of custom resources that cross, each as a key or the beginning of keys followed by `*`. */
export interface CustomAnnotations<Text = string> {
  /** Those of tenants that the host's operator sees. @default - none */
  readonly toHost?: readonly Text[];
  /** Those of the host's operator that tenants see. @default - none */
  readonly toVirtual?: readonly Text[];
}

/**
 * A namespaced custom kind whose objects an operator on the host works on. They are copied whole, so **every field that
 * names another object must be declared**: one that is not leads to whatever bears that name in the host namespace.
 */
export interface CustomResourceToHost<Text = string> extends CustomKind {
  /**
   * Top-level fields that are copied to the host.
   * @default ['spec']
   */
  readonly fields?: readonly string[];
  /** Fields that name other objects. Below `status`, what the host says is put back into the tenant's names. @default - none */
  readonly references?: readonly CustomReference<Text>[];
  /** Paths of label selectors, in Kubernetes' form or as a plain map. @default - none */
  readonly selectors?: readonly string[];
  /** Paths of labels that the host's operator gives to what it makes. @default - none */
  readonly labels?: readonly string[];
  /** Annotations that cross. @default - none */
  readonly annotations?: CustomAnnotations<Text>;
}

/** A custom kind of the host that tenants may look at. */
export interface CustomImport<Text = string> extends CustomKind {
  /**
   * Top-level fields that are shown, besides `status`.
   * @default ['spec']
   */
  readonly fields?: readonly string[];
  /** Annotations that are shown. @default - none */
  readonly annotations?: readonly Text[];
  /** Which objects are shown. @default - all */
  readonly selector?: ObjectSelector<Text>;
}

/** A cluster-scoped custom kind of the host, shown under the same names. */
export interface ClusterScopedImport<Text = string> extends CustomImport<Text> {
  readonly scope: 'cluster';
}

/** Namespaced custom resources of the host, shown in given namespaces. */
export interface NamespacedImport<Text = string> extends CustomImport<Text> {
  readonly scope: 'namespaced';
  /** What is shown where. */
  readonly mappings: readonly CustomMapping[];
}

/** A whole namespace, or one object of it, and where it is shown. */
export interface CustomMapping {
  /** Where it lies on the host. */
  readonly from: CustomPlace;
  /** Where it is shown. */
  readonly to: CustomPlace;
}

/** A namespace, or an object in it. */
export interface CustomPlace {
  /** The namespace. */
  readonly namespace: string;
  /** One object of it. @default - every object, under its own name */
  readonly name?: string;
}

/** Custom resources of the host that are shown in the virtual cluster. */
export type CustomResourceFromHost<Text = string> = ClusterScopedImport<Text> | NamespacedImport<Text>;

/** Custom resources that cross. */
export interface CustomResourcesOptions<Text = string> {
  /** Kinds that are copied from the virtual cluster to the host. @default - none */
  readonly toHost?: readonly CustomResourceToHost<Text>[];
  /** Kinds of the host that are shown in the virtual cluster. @default - none */
  readonly fromHost?: readonly CustomResourceFromHost<Text>[];
}

const customKind = { definition: definitionSchema, version: versionSchema, kind: kindSchema } as const;
const fields = z.array(fieldSchema).min(1, 'must name at least one field').readonly().optional();

const toHostSchema = z
  .strictObject({
    ...customKind,
    fields,
    references: z.array(customReferenceSchema).readonly().optional(),
    selectors: pathListSchema,
    labels: pathListSchema,
    annotations: z
      .strictObject({ toHost: texts(ANNOTATION_PATTERN).optional(), toVirtual: texts(ANNOTATION_PATTERN).optional() })
      .readonly()
      .optional(),
  })
  .readonly();

const customImport = {
  ...customKind,
  fields,
  annotations: texts(ANNOTATION_PATTERN).optional(),
  selector: objectSelectorSchema.optional(),
} as const;
const placeSchema = z
  .strictObject({ namespace: plainText(RULES.label), name: plainText(RULES.subdomain).optional() })
  .readonly();

const fromHostSchema = z.discriminatedUnion('scope', [
  z.strictObject({ ...customImport, scope: z.literal('cluster') }).readonly(),
  z
    .strictObject({
      ...customImport,
      scope: z.literal('namespaced'),
      mappings: z
        .array(z.strictObject({ from: placeSchema, to: placeSchema }).readonly())
        .min(1, 'must map at least one namespace')
        .readonly(),
    })
    .readonly(),
]);

/** The schema of {@link CustomResourcesOptions}. */
export const customResourcesSchema = z
  .strictObject({
    toHost: z.array(toHostSchema).readonly().optional(),
    fromHost: z.array(fromHostSchema).readonly().optional(),
  })
  .superRefine(({ toHost = [], fromHost = [] }, context) => {
    checkRules(toHost, context);
    checkImports(toHost, fromHost, context);
  })
  .readonly();

/** Fills in the defaults. */
export function resolveCustomResources(
  { toHost = [], fromHost = [] }: CustomResourcesOptions = {},
  patches: readonly Patch[] = [],
): CustomResourcesSection {
  return {
    version: 1,
    toHost: toHost.map((rule) => ({
      ...resolvedKind(rule),
      references: (rule.references ?? []).map(resolveReference),
      selectors: [...(rule.selectors ?? [])],
      labels: [...(rule.labels ?? [])],
      annotations: {
        toHost: [...(rule.annotations?.toHost ?? [])],
        toVirtual: [...(rule.annotations?.toVirtual ?? [])],
      },
    })),
    fromHost: fromHost.map((rule) => {
      const common = {
        ...resolvedKind(rule),
        annotations: [...(rule.annotations ?? [])],
        selector: resolveSelector(rule.selector),
      };
      if (rule.scope === 'cluster') return { ...common, scope: 'cluster' };
      const mappings = rule.mappings.map(({ from, to }) => ({ from: { ...from }, to: { ...to } }));
      return { ...common, scope: 'namespaced', mappings };
    }),
    patches: patches.map(resolvePatch),
  };
}

function resolvedKind({
  definition,
  version,
  kind,
  fields: named = ['spec'],
}: CustomKind & { fields?: readonly string[] }) {
  return { ...splitDefinition(definition), version, kind, fields: [...named] };
}
