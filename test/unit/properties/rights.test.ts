import fc from 'fast-check';
import type { ClusterRole, PolicyRule, Role } from 'kubernetes-types/rbac/v1';
import { generate, type ResolvedSpec, resolveSpec } from '../../../lib';
import { declarations } from '../../support/declarations/arbitrary';

// Hundreds of virtual clusters with all their objects take a while on a busy machine.
jest.setTimeout(120_000);

/** A rule of a role that a declaration gives to its syncer. */
interface Granted {
  /** `ClusterRole`, or the namespace of a Role. */
  readonly where: string;
  readonly rule: PolicyRule;
}

function granted(spec: ResolvedSpec): readonly Granted[] {
  const isRole = (object: unknown): object is Role | ClusterRole =>
    ['Role', 'ClusterRole'].includes((object as { readonly kind: string }).kind);
  return generate(spec)
    .map(({ object }): unknown => object)
    .filter(isRole)
    .flatMap(({ kind, metadata, rules = [] }) =>
      rules.map((rule) => ({ where: kind === 'Role' ? (metadata?.namespace ?? '') : 'ClusterRole', rule })),
    );
}

const CLUSTERS = fc.sample(declarations(), 200).map((declaration) => {
  const spec = resolveSpec(declaration);
  return { declaration, spec, rules: granted(spec) };
});

/** That a rule holds for every declaration. `broken` says which rights break it, in the spec that is given. */
function never(broken: (granted: Granted, spec: ResolvedSpec) => boolean): void {
  for (const { declaration, spec, rules } of CLUSTERS) {
    const found = rules.filter((one) => broken(one, spec));
    if (found.length > 0) expect({ declaration, found }).toEqual({ declaration, found: [] });
  }
}

const has = (list: readonly string[] | undefined, ...wanted: readonly string[]): boolean =>
  wanted.some((one) => list?.includes(one));
const writes = ({ verbs }: PolicyRule): boolean => verbs.some((verb) => !['get', 'list', 'watch'].includes(verb));

/** Verbs that are no more than they say. */
const PLAIN_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
/** Kinds whose writers, and often whose readers, rule the host. */
const RULING_GROUPS = [
  'rbac.authorization.k8s.io',
  'admissionregistration.k8s.io',
  'certificates.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
];
/** What leads around the API: running as somebody else, or on any node. */
const DETOURS = [
  'serviceaccounts/token',
  'nodes/proxy',
  'pods/proxy',
  'services/proxy',
  'pods/eviction',
  'nodes/status',
];

describe('whatever is declared, a syncer', () => {
  it('has no right to more than what is named: no `*`, no verb but the plain ones', () =>
    never(({ rule: { apiGroups = [], resources = [], verbs } }) => {
      const named = [...apiGroups, ...resources, ...verbs];
      return named.some((text) => text.includes('*')) || verbs.some((verb) => !PLAIN_VERBS.includes(verb));
    }));

  it('has no right to addresses beside the kinds', () =>
    never(({ rule: { nonResourceURLs = [] } }) => nonResourceURLs.length > 0));

  it('does not even see roles, webhooks, certificate requests, API services or reviews', () =>
    never(({ rule }) => has(rule.apiGroups, ...RULING_GROUPS)));

  it('reads definitions by their names and writes none', () =>
    never(({ rule }) => has(rule.apiGroups, 'apiextensions.k8s.io') && (writes(rule) || !rule.resourceNames?.length)));

  it('has no way around the API, but for `get nodes/proxy` where kubelets are to be measured', () =>
    never(({ rule }, { sections: { nodes } }) => {
      const measures = nodes.mode !== 'fake' && nodes.metrics.kubelet;
      const detours = DETOURS.filter((one) => !(measures && one === 'nodes/proxy' && rule.verbs.join() === 'get'));
      return has(rule.resources, ...detours);
    }));

  it('sees the secrets and pods of the whole host only where virtual namespaces have host namespaces of their own', () =>
    never(({ where, rule }, { sections: { namespaces, nodes } }) => {
      if (where !== 'ClusterRole' || namespaces.mode === 'mapped') return false;
      const counts = nodes.mode !== 'fake' && nodes.scheduling.by === 'own' && !writes(rule);
      return has(rule.resources, 'secrets', 'configmaps') || (has(rule.resources, 'pods') && !counts);
    }));

  it('makes no namespaces, and changes no nodes, but where that is declared', () =>
    never(({ rule }, { sections: { namespaces, nodes } }) => {
      const labels = nodes.mode !== 'fake' && nodes.toHost.labels.length + nodes.toHost.taints.length > 0;
      if (has(rule.resources, 'namespaces')) return namespaces.mode === 'single' && writes(rule);
      return has(rule.resources, 'nodes') && writes(rule) && !labels;
    }));

  it('only looks at secrets and config maps of other namespaces', () =>
    never(
      ({ where, rule }, { namespace }) =>
        where !== 'ClusterRole' && where !== namespace && has(rule.resources, 'secrets', 'configmaps') && writes(rule),
    ));
});
