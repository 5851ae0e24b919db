import { SubletError } from '../../lib/contract';
import type { ClusterReference, PolicyOption, ResolvedPolicy, ResolvedSpec, VirtualClusterSpec } from '../../lib/spec';
import { declaredOptions } from '../../lib/spec/policies/cluster-reference';
import { optionsOfPolicy, resolvePolicyInput } from '../../lib/spec/policies/policy';
import { checkRequires } from '../../lib/spec/policies/requires';
import { resolveInput } from '../../lib/spec/resolve';
import type { ValuesDocument } from './values-file';

/** What policies are called in files, as their constructs are, and the option that each declares. */
const KINDS = {
  CustomResourceSync: 'customResources',
  ExposedEndpoint: 'endpoint',
  IsolationPolicy: 'isolation',
  NamespaceMapping: 'namespaces',
  NodeSyncPolicy: 'nodes',
  ServiceMapping: 'serviceMappings',
  SyncPolicy: 'sync',
} as const satisfies { readonly [kind: string]: PolicyOption };
const CLUSTER = 'VirtualCluster';

type Fields = { readonly [field: string]: unknown };

/** A policy as a file declares it. */
export interface PolicyDocument {
  readonly file: string;
  readonly kind: string;
  readonly option: PolicyOption;
  /** What the option takes. */
  readonly fields: Fields;
  /** Which virtual cluster it is for, where it says so. */
  readonly cluster: Fields | undefined;
}

/** A virtual cluster with the policies that are declared beside it. */
export interface WithPolicies {
  readonly policies: readonly ResolvedPolicy[];
  /** The virtual cluster as it is with them. What it still requires is declared elsewhere. */
  readonly whole: ResolvedSpec;
}

/**
 * Tells what is declared of the virtual cluster itself from its policies, which have a `kind`.
 * @throws SubletError `USAGE` for a kind that is none, or an option that two policies declare
 */
export function separatePolicies(documents: readonly ValuesDocument[]): {
  readonly clusters: readonly Fields[];
  readonly policies: readonly PolicyDocument[];
} {
  const clusters: Fields[] = [];
  const policies: PolicyDocument[] = [];
  for (const { file, fields } of documents) {
    const { kind = CLUSTER, ...others } = fields;
    if (kind === CLUSTER) clusters.push(others);
    else policies.push(policyOf(file, kind, others));
  }
  const twice = policies.find(({ option }, index) => policies.findIndex((other) => other.option === option) < index);
  if (twice !== undefined) throw new SubletError('USAGE', `${twice.file}: ${twice.kind} is declared a second time`);
  return { clusters, policies };
}

/**
 * Checks policies against the virtual cluster that they are for.
 * @throws SpecError `SPEC_INVALID` with what is wrong with one, or when the virtual cluster does not require it
 */
export function resolvePolicies(spec: VirtualClusterSpec, documents: readonly PolicyDocument[]): WithPolicies {
  for (const document of documents) checkAlone(spec, document);
  const declared = documents.map(({ option, fields }) => optionsOfPolicy(option, fields));
  const { requires = [], ...own } = spec;
  const left = requires.filter((required) => !documents.some(({ option }) => option === required));
  const whole = Object.assign({ ...own, requires: left }, ...declared);
  // Rights of one policy may depend on what another declares.
  const reference = referenceTo(spec, declaredOptions(whole));
  return {
    policies: documents.map(({ option, fields }) => resolvePolicyInput(option, { ...fields, cluster: reference })),
    whole: resolveInput(whole),
  };
}

/** What is wrong with a policy is told of itself, before it is put together with others. */
function checkAlone(spec: VirtualClusterSpec, { option, fields, cluster, file, kind }: PolicyDocument): void {
  checkRequires(spec.name, spec.requires ?? [], option);
  const reference = { ...referenceTo(spec, declaredOptions(spec)), ...cluster };
  resolvePolicyInput(option, { ...fields, cluster: reference });
  if (reference.name === spec.name) return;
  throw new SubletError('USAGE', `${file}: ${kind} is for virtual cluster ${JSON.stringify(reference.name)}`, {
    hint: `leave it out of the declaration of "${spec.name}"`,
  });
}

function referenceTo({ name, namespace }: VirtualClusterSpec, declares: ClusterReference['declares']) {
  return { name, ...(namespace === undefined ? {} : { namespace }), ...(declares === undefined ? {} : { declares }) };
}

function policyOf(file: string, kind: unknown, { cluster, ...fields }: Fields): PolicyDocument {
  const option = Object.entries(KINDS).find(([name]) => name === kind)?.[1];
  if (option === undefined || typeof kind !== 'string') {
    throw new SubletError('USAGE', `${file}: kind ${JSON.stringify(kind)} is not known`, {
      hint: `allowed: ${[CLUSTER, ...Object.keys(KINDS)].join(', ')}`,
    });
  }
  return { file, kind, option, fields, cluster: isFields(cluster) ? cluster : undefined };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
