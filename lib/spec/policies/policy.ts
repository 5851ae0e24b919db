import { SpecError, type SpecIssue } from '../errors';
import { resolveInput } from '../resolve';
import type { ResolvedSpec } from '../virtual-cluster';
import type { ClusterReference } from './cluster-reference';
import { POLICY_OPTIONS, type PolicyDeclarations, type PolicyOption, type PolicySection } from './options';
import { quietSections } from './quiet';

/** The declaration of a policy: what it is for, and what the option of that name in a virtual cluster takes. */
export type PolicySpec<Option extends PolicyOption> = PolicyDeclarations[Option] & {
  readonly cluster: ClusterReference;
};

/** A policy that was checked and has nothing left open. Text fields may hold markers. */
export interface ResolvedPolicy {
  /** The section of the configuration that it owns. */
  readonly section: PolicySection;
  /** The virtual cluster with the policy. */
  readonly cluster: ResolvedSpec;
  /** The same without it: what the policy takes beyond that is its own to grant. */
  readonly without: ResolvedSpec;
}

/**
 * Checks a policy and fills in its defaults.
 * @throws SpecError `SPEC_INVALID` with everything that is wrong with it, each with its path below the policy
 */
export function resolvePolicy<Option extends PolicyOption>(option: Option, policy: PolicySpec<Option>): ResolvedPolicy {
  return resolvePolicyInput(option, policy);
}

/** {@link resolvePolicy} for a declaration of unknown origin: what an adapter has put markers into. */
export function resolvePolicyInput(option: PolicyOption, input: unknown): ResolvedPolicy {
  const { cluster: reference, ...declaration } = recordOf(input);
  const { name, namespace, declares, ...unknown } = recordOf(reference);
  const issues = [
    ...Object.keys(unknown).map((key) => ({ path: `cluster.${key}`, value: unknown[key], ...UNKNOWN })),
    ...ownScheduler(option, declaration),
  ];
  const subject = `${option} policy of virtual cluster ${JSON.stringify(name)}`;
  if (issues.length > 0) throw new SpecError(issues, subject);
  const spec = defined({ name, namespace, ...recordOf(declares), ...optionsOfPolicy(option, declaration) });
  const cluster = asPolicy(option, subject, () => resolveInput(spec));
  const section = POLICY_OPTIONS[option];
  const quiet = quietSections(cluster.name)[section];
  return { section, cluster, without: { ...cluster, sections: { ...cluster.sections, [section]: quiet } } };
}

const UNKNOWN = { message: 'is not a known field', allowed: 'name, namespace, declares' };

function recordOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The policy's part of a virtual cluster's declaration. */
export function optionsOfPolicy(option: PolicyOption, declaration: { readonly [key: string]: unknown }): object {
  if (option !== 'customResources') return { [option]: declaration };
  const { patches, ...customResources } = declaration;
  return { customResources, patches };
}

function ownScheduler(option: PolicyOption, { scheduling }: { readonly [key: string]: unknown }): readonly SpecIssue[] {
  if (option !== 'nodes' || recordOf(scheduling).by !== 'own') return [];
  return [
    {
      path: 'scheduling.by',
      value: 'own',
      message: 'takes a container of the control plane, which a policy cannot declare',
      allowed: 'host, hostOnSelected',
      hint: 'declare `nodes` in the virtual cluster itself',
    },
  ];
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Words what is wrong as what is wrong with the policy: `toHost.ingresses` instead of `sync.toHost.ingresses`. */
function asPolicy<Result>(option: PolicyOption, subject: string, resolve: () => Result): Result {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new SpecError(
      error.issues.map((issue) => ({ ...issue, path: pathInPolicy(issue.path, option) })),
      subject,
    );
  }
}

function pathInPolicy(path: string, option: PolicyOption): string {
  if (path === option) return '';
  if (path.startsWith(`${option}.`)) return path.slice(option.length + 1);
  if (path.startsWith('patches')) return path;
  return path === 'name' || path === 'namespace' ? `cluster.${path}` : `cluster.declares.${path}`;
}
