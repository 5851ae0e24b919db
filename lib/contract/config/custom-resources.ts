import * as z from 'zod';
import { customKindProblem } from '../custom-groups';
import { importSelector } from './selector';

/** A custom kind in one version of it. Its CustomResourceDefinition is called `<plural>.<group>`. */
const customKind = {
  group: z.string(),
  version: z.string(),
  plural: z.string(),
  kind: z.string(),
} as const;

/** A field that names another object, by its dotted path with `[*]` for each element of a list. */
const customReference = z.strictObject({
  path: z.string(),
  /** The kind that is named: `secrets`, or the plural and group of a custom kind that is itself copied. */
  kind: z.string(),
  /** Where the namespace of the named object stands, if it can be told. */
  namespacePath: z.string().optional(),
  /** The reference counts only where this field has one of these values; an absent field has the value ``. */
  when: z.strictObject({ path: z.string(), is: z.array(z.string()) }).optional(),
});

/** A field of a custom resource that names another object. */
export type CustomReferenceRule = z.infer<typeof customReference>;

const customResourceToHost = z.strictObject({
  ...customKind,
  /** Top-level fields that are copied to the host. */
  fields: z.array(z.string()),
  references: z.array(customReference),
  /** Paths of label selectors. */
  selectors: z.array(z.string()),
  /** Paths of labels that something on the host will give to objects which the selectors of others shall find. */
  labels: z.array(z.string()),
  /** Keys of annotations that cross, as they are; a trailing `*` stands for all that begin so. */
  annotations: z.strictObject({ toHost: z.array(z.string()), toVirtual: z.array(z.string()) }),
});

/** A namespaced custom kind that is copied to the host. */
export type CustomResourceToHostRule = z.infer<typeof customResourceToHost>;

const place = z.strictObject({ namespace: z.string(), name: z.string().optional() });

const customImport = {
  ...customKind,
  fields: z.array(z.string()),
  annotations: z.array(z.string()),
  selector: importSelector,
} as const;

const customResourceFromHost = z.discriminatedUnion('scope', [
  z.strictObject({ ...customImport, scope: z.literal('cluster') }),
  z.strictObject({
    ...customImport,
    scope: z.literal('namespaced'),
    mappings: z.array(z.strictObject({ from: place, to: place })),
  }),
]);

/** A custom kind of the host that is shown in the virtual cluster. */
export type CustomResourceFromHostRule = z.infer<typeof customResourceFromHost>;

const objectPatch = z.strictObject({
  /** Plural, with the group where there is one: `pods`, `ingresses.networking.k8s.io`. */
  kind: z.string(),
  /** JavaScript of a function expression without free variables. */
  toHost: z.string().optional(),
  toVirtual: z.string().optional(),
});

/** A change that the platform team makes to the objects of a kind on their way. */
export type ObjectPatchRule = z.infer<typeof objectPatch>;

/** The section that says which custom resources cross, and how objects are changed on the way. */
export const customResourcesSection = z
  .strictObject({
    /** Version of this schema. */
    version: z.literal(1),
    toHost: z.array(customResourceToHost),
    fromHost: z.array(customResourceFromHost),
    patches: z.array(objectPatch),
  })
  .superRefine((section, context) => {
    for (const direction of ['toHost', 'fromHost'] as const) {
      for (const [index, { plural, group }] of section[direction].entries()) {
        if (customKindProblem({ plural, group }) === undefined) continue;
        const message = `${plural}.${group} may not cross as a custom kind`;
        context.addIssue({ code: 'custom', path: [direction, index], message });
      }
    }
  });

/** The section that says which custom resources cross, and how objects are changed on the way. */
export type CustomResourcesSection = z.infer<typeof customResourcesSection>;
