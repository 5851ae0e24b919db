import { parse } from 'yaml';
import { ANNOTATIONS, SubletError } from '../../lib/contract';
import { generate, type Manifest } from '../../lib/manifests';
import { generatePolicy } from '../../lib/manifests/policies/policy';
import { yamlOf } from '../../lib/manifests/render';
import { parseSpec, type ResolvedSpec, resolveSpec } from '../../lib/spec';
import type { KubeObject } from '../kube/types';
import { type PolicyDocument, resolvePolicies, separatePolicies, type WithPolicies } from './policy-documents';
import { setPath } from './set-path';
import { readValuesDocuments } from './values-file';

/** How the command line declares a virtual cluster. */
export interface DeclarationInputs {
  readonly namespace?: string;
  readonly kubernetesVersion?: string;
  /** Files in YAML or JSON, with policies of the virtual cluster too; later ones win. */
  readonly values: readonly string[];
  /** `path=value`. */
  readonly set: readonly string[];
  readonly store?: 'ephemeral' | 'pvc';
  /** The name of one that is named nowhere else. */
  readonly defaultName?: string;
  /** Whether the host measures its pods, so that the virtual cluster can show measurements. @default true */
  readonly hostMetrics?: boolean;
}

/** A virtual cluster as declared: checked, complete, and turned into manifests. */
export interface Declaration {
  readonly name: string;
  readonly namespace: string;
  /** The namespace itself, where the declaration does not forbid to make it. */
  readonly namespaceObject: KubeObject | undefined;
  /** All other objects, in the order in which they are applied. */
  readonly objects: readonly KubeObject[];
  /** All objects as YAML. */
  readonly yaml: string;
}

/** What files and flags say: the virtual cluster, checked and complete, and its policies. */
export interface ReadSpec extends WithPolicies {
  /** The virtual cluster as it is declared itself. */
  readonly spec: ResolvedSpec;
}

type Tree = { readonly [key: string]: unknown };

/**
 * Reads the declaration from files and flags; flags win over `--set`, `--set` over files.
 * @param name the name on the command line; without one a file must hold it
 * @throws SpecError `SPEC_INVALID` with everything that is wrong, or SubletError `USAGE` for a file that can't be read
 */
export async function readDeclaration(name: string | undefined, inputs: DeclarationInputs): Promise<Declaration> {
  const read = await readSpec(name, inputs);
  const objects = manifestsOf(read);
  return { ...declarationOf(read.spec.name, read.spec.namespace, objects), yaml: yamlOf(objects) };
}

/** All objects of a virtual cluster and its policies, which are there before its control plane. */
export function manifestsOf({ spec, policies }: ReadSpec): readonly Manifest[] {
  const own = generate(spec).map(({ object }) => object);
  const ofPolicies = policies.flatMap((policy) => generatePolicy(policy).map(({ object }) => object));
  const isNamespace = ({ kind }: Manifest) => kind === 'Namespace';
  return [...own.filter(isNamespace), ...ofPolicies, ...own.filter((object) => !isNamespace(object))];
}

/** As {@link readDeclaration}, before it is turned into manifests. */
export async function readSpec(name: string | undefined, inputs: DeclarationInputs): Promise<ReadSpec> {
  let tree: Tree = inputs.defaultName === undefined ? {} : { name: inputs.defaultName };
  const documents = await Promise.all(inputs.values.map(readValuesDocuments));
  const { clusters, policies } = separatePolicies(documents.flat());
  for (const fields of clusters) tree = merge(tree, fields);
  tree = merge(tree, storeValues(inputs.store));
  for (const assignment of inputs.set) tree = setAssignment(tree, assignment);
  tree = merge(tree, {
    ...(name !== undefined && { name }),
    ...(inputs.namespace !== undefined && { namespace: inputs.namespace }),
    ...(inputs.kubernetesVersion !== undefined && { kubernetes: { version: inputs.kubernetesVersion } }),
  });
  const byPolicy = Array.isArray(tree.requires) && tree.requires.includes('nodes');
  if (inputs.hostMetrics === false && !byPolicy) tree = withoutMetrics(tree);
  const spec = parseSpec(tree);
  const known = inputs.hostMetrics === false ? policies.map(policyWithoutMetrics) : policies;
  return { spec: resolveSpec(spec), ...resolvePolicies(spec, known) };
}

/** A declaration's parts, from all its objects. */
export function declarationOf(
  name: string,
  namespace: string,
  objects: readonly KubeObject[],
): Omit<Declaration, 'yaml'> {
  return {
    name,
    namespace,
    namespaceObject: objects.find((object) => object.kind === 'Namespace'),
    objects: objects.filter((object) => object.kind !== 'Namespace'),
  };
}

/** What is to be applied: where the namespace is made by this, it is marked to go again with its virtual cluster. */
export function objectsToApply(
  { name, namespaceObject, objects }: Omit<Declaration, 'yaml'>,
  namespaceExists: boolean,
): readonly KubeObject[] {
  if (namespaceExists || namespaceObject === undefined) return objects;
  const { metadata } = namespaceObject;
  const annotations = { ...metadata?.annotations, [ANNOTATIONS.createdFor]: name };
  return [{ ...namespaceObject, metadata: { ...metadata, annotations } }, ...objects];
}

function storeValues(store: DeclarationInputs['store']): Tree {
  if (store === undefined) return {};
  return { store: { kind: 'sqlite', persistence: { kind: store === 'pvc' ? 'volumeClaim' : 'ephemeral' } } };
}

/** The declaration for a host without measurements: it asks for them only where it says so itself. */
function withoutMetrics(tree: Tree): Tree {
  const nodes = isTree(tree.nodes) ? tree.nodes : { mode: 'fake' };
  return merge(tree, { nodes: merge({ metrics: { source: 'none' } }, nodes) });
}

function policyWithoutMetrics(policy: PolicyDocument): PolicyDocument {
  if (policy.option !== 'nodes') return policy;
  return { ...policy, fields: merge({ metrics: { source: 'none' } }, policy.fields) };
}

function setAssignment(tree: Tree, assignment: string): Tree {
  const equals = assignment.indexOf('=');
  if (equals <= 0) {
    throw new SubletError('USAGE', `--set ${assignment}: it is no path=value`, {
      hint: 'for example: --set dns.replicas=2',
    });
  }
  return setPath(tree, assignment.slice(0, equals), parseScalar(assignment.slice(equals + 1)));
}

/** Booleans, whole numbers, lists and mappings are taken as such; all else is text, so that `1.30` stays a version. */
function parseScalar(text: string): unknown {
  if (!/^(true|false|null|-?\d+|[[{"'].*)$/s.test(text)) return text;
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function merge(base: Tree, over: Tree): Tree {
  const result: { [key: string]: unknown } = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    // Another kind of store, or of anything told apart by its kind, takes no fields from the one before.
    const sameKind =
      isTree(before) &&
      isTree(value) &&
      (value.kind === undefined || before.kind === undefined || before.kind === value.kind);
    result[key] = isTree(before) && isTree(value) && sameKind ? merge(before, value) : value;
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
