import { defaultHostNamespace } from '../contract';
import { resolveBackup } from './backup';
import { resolveControlPlane } from './control-plane';
import { resolveCustomResources } from './custom-resources';
import { resolveDns } from './dns';
import { resolveEndpoint } from './endpoint';
import { SpecError } from './errors';
import { admittedLevel } from './host-pod-security';
import { resolveImages } from './images';
import { resolveIsolation } from './isolation';
import { toSpecIssues } from './issues';
import { resolveKubeconfig } from './kubeconfig';
import { resolveKubernetes } from './kubernetes';
import { resolveNamespaces } from './namespaces';
import { resolveNetworking } from './networking';
import { resolveScheduler } from './node-scheduling';
import { resolveNodes } from './nodes';
import { POLICY_OPTIONS, type PolicyOption } from './policies/options';
import { quietSections } from './policies/quiet';
import { resolveServiceMappings } from './service-mappings';
import { resolveStore } from './store';
import { resolveSync } from './sync';
import {
  type ResolvedSections,
  type ResolvedSpec,
  type VirtualClusterSpec,
  virtualClusterSchema,
} from './virtual-cluster';

/**
 * Checks a declaration of unknown origin, such as a YAML file.
 * @throws SpecError `SPEC_INVALID` with everything that is wrong with it
 */
export function parseSpec(input: unknown): VirtualClusterSpec {
  const result = virtualClusterSchema.safeParse(input);
  if (result.success) return result.data as VirtualClusterSpec;
  throw new SpecError(toSpecIssues(virtualClusterSchema, input, result.error.issues), subjectOf(input));
}

/**
 * Checks a declaration and fills in every default.
 * @throws SpecError `SPEC_INVALID` with everything that is wrong with it
 */
export function resolveSpec(input: VirtualClusterSpec): ResolvedSpec {
  return resolveInput(input);
}

/** {@link resolveSpec} for a declaration of unknown origin: what an adapter has put markers into. */
export function resolveInput(input: unknown): ResolvedSpec {
  const spec = parseSpec(input);
  const { name, requires = [] } = spec;
  const namespace = spec.namespace ?? defaultHostNamespace(name);
  const kubernetes = resolveKubernetes(spec.kubernetes);
  return {
    name,
    namespace,
    createNamespace: spec.createNamespace ?? true,
    kubernetes,
    store: resolveStore(spec.store, `/sublet/${namespace}/${name}`),
    controlPlane: resolveControlPlane(spec.controlPlane),
    scheduler: resolveScheduler(spec.nodes?.scheduling),
    networking: resolveNetworking(spec.networking),
    dns: resolveDns(spec.dns),
    images: resolveImages(kubernetes.version, spec.images),
    kubeconfig: resolveKubeconfig({ name, namespace }, spec.kubeconfig),
    endpoint: spec.endpoint,
    admission: spec.admission ?? admittedLevel(resolveIsolation(spec.isolation)),
    requires: requires.map((option) => POLICY_OPTIONS[option]),
    sections: { ...ownSections(spec), ...requiredSections(name, requires) },
  };
}

function ownSections(spec: VirtualClusterSpec): ResolvedSections {
  return {
    sync: resolveSync(spec.sync),
    nodes: resolveNodes(spec.nodes),
    services: resolveServiceMappings(spec.serviceMappings),
    namespaces: resolveNamespaces(spec.name, spec.namespaces),
    'custom-resources': resolveCustomResources(spec.customResources, spec.patches),
    endpoint: resolveEndpoint(spec.endpoint),
    isolation: resolveIsolation(spec.isolation),
    backup: resolveBackup(spec.backup),
  };
}

function requiredSections(name: string, requires: readonly PolicyOption[]): Partial<ResolvedSections> {
  const quiet = quietSections(name);
  return Object.fromEntries(requires.map((option) => [POLICY_OPTIONS[option], quiet[POLICY_OPTIONS[option]]]));
}

function subjectOf(input: unknown): string {
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : undefined;
  return typeof name === 'string' ? `virtual cluster ${JSON.stringify(name)}` : 'virtual cluster';
}
