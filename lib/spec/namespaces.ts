import * as z from 'zod';
import type { NamespacesSection } from '../contract';
import { type IssueParams, plainText } from './fields';
import { isMarker } from './markers';
import type { TextRule } from './rules';

/** All objects lie in the host namespace of the virtual cluster, under names that tell where they belong. */
export interface SingleNamespace {
  readonly mode: 'single';
}

/**
 * Each virtual namespace gets a host namespace of its own, in which objects keep their names. The syncer makes and
 * deletes these namespaces, and so needs its rights in the whole host cluster.
 */
export interface NamespacePerNamespace {
  readonly mode: 'perNamespace';
  /**
   * Name of the host namespaces, with `*` where the virtual one's name stands.
   * @default '<cluster>-*'
   */
  readonly hostPattern?: string;
}

/** Chosen virtual namespaces get chosen host namespaces, in which objects keep their names. */
export interface MappedNamespaces {
  readonly mode: 'mapped';
  /** The rules. A full name goes before a beginning, a longer beginning before a shorter one. */
  readonly mappings: readonly NamespaceMapping[];
  /**
   * What becomes of other namespaces: their objects lie in the host namespace of the virtual cluster (`single`), or
   * stay in the virtual cluster (`none`). `kube-system` always has a place, for the DNS is there.
   * @default 'single'
   */
  readonly unmapped?: 'single' | 'none';
}

/** One rule of {@link MappedNamespaces}. */
export interface NamespaceMapping {
  /** A virtual namespace, or with `*` at its end all whose names begin so. */
  readonly virtual: string;
  /**
   * The host namespace; with `*` at its end where {@link virtual} has one, for the rest of the name. One that is named
   * in full may exist already, and is then neither changed nor deleted. As objects keep their names, tenants' pods can use
   * whatever lies in it, its Secrets among them: give away only what is the tenant's.
   */
  readonly host: string;
}

/** In which host namespaces the objects of a virtual namespace lie. */
export type NamespacesOptions = SingleNamespace | NamespacePerNamespace | MappedNamespaces;

const PATTERN: TextRule = {
  allowed: 'a namespace, or the beginning of one followed by *',
  test: (name) => /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?|([a-z0-9][-a-z0-9]{0,51})?\*)$/.test(name),
};

/** A host namespace that could be anybody's must not follow from what tenants call theirs. */
const HOST_PATTERN: TextRule = {
  allowed: 'the beginning of a namespace, of three characters or more, followed by *',
  test: (name) => /^[a-z0-9][-a-z0-9]{2,51}\*$/.test(name),
};

const mappingSchema = z
  .strictObject({ virtual: plainText(PATTERN), host: plainText(PATTERN) })
  .superRefine(({ virtual, host }, context) => {
    const report = (message: string, allowed: string): void => {
      const params: IssueParams = { allowed };
      context.addIssue({ code: 'custom', path: ['host'], input: host, message, params });
    };
    if (typeof virtual !== 'string' || typeof host !== 'string') return;
    if (virtual.endsWith('*') !== host.endsWith('*')) report('does not fit to virtual', 'both with * or both without');
    else if (host.endsWith('*') && !HOST_PATTERN.test(host))
      report('could be anybody’s namespace', HOST_PATTERN.allowed);
  })
  .readonly();

/** The schema of {@link NamespacesOptions}. */
export const namespacesSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('single') }).readonly(),
  z.strictObject({ mode: z.literal('perNamespace'), hostPattern: plainText(HOST_PATTERN).optional() }).readonly(),
  z
    .strictObject({
      mode: z.literal('mapped'),
      mappings: z.array(mappingSchema).min(1, 'must have at least one rule').superRefine(distinct).readonly(),
      unmapped: z.enum(['single', 'none']).optional(),
    })
    .readonly(),
]);

function distinct(mappings: readonly NamespaceMapping[], context: z.core.$RefinementCtx): void {
  for (const side of ['virtual', 'host'] as const) {
    const names = mappings.map((mapping) => mapping[side]);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      const params: IssueParams = { allowed: 'a name that no other rule has' };
      context.addIssue({
        code: 'custom',
        path: [index, side],
        input: name,
        message: 'stands in another rule too',
        params,
      });
    }
  }
}

/** Refuses rules by which objects of tenants would lie, under names that tenants choose, beside the control plane's keys. */
export function checkHome(
  home: string,
  namespaces: { readonly mode: string; readonly mappings?: readonly NamespaceMapping[] } | undefined,
  context: z.core.$RefinementCtx,
): void {
  const mappings = namespaces?.mappings ?? [];
  // Namespaces that follow from a pattern are taken only where they are new, those named in full as they are.
  if (isMarker(home) && mappings.some(({ host }) => typeof host === 'string' && !host.endsWith('*'))) {
    context.addIssue({ code: 'custom', path: ['namespace'], input: home, message: 'could be one that a rule names' });
  }
  for (const [index, { host }] of mappings.entries()) {
    if (host !== home) continue;
    const params: IssueParams = { allowed: 'another namespace than that of the control plane' };
    const path = ['namespaces', 'mappings', index, 'host'];
    context.addIssue({ code: 'custom', path, input: host, message: 'holds the control plane', params });
  }
}

/** Fills in the defaults. */
export function resolveNamespaces(cluster: string, options: NamespacesOptions = { mode: 'single' }): NamespacesSection {
  switch (options.mode) {
    case 'single':
      return { version: 1, mode: 'single' };
    case 'perNamespace': {
      const host = options.hostPattern ?? `${cluster}-*`;
      return { version: 1, mode: 'mapped', mappings: [{ virtual: '*', host }], unmapped: 'single' };
    }
    case 'mapped': {
      const { mappings, unmapped = 'single' } = options;
      return { version: 1, mode: 'mapped', mappings: mappings.map((mapping) => ({ ...mapping })), unmapped };
    }
  }
}
