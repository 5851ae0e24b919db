import { clusterNames, LABELS, SubletError } from '../../lib/contract';
import type { CurrentManifest, Manifest } from '../../lib/manifests';
import type { ResolvedSpec } from '../../lib/spec';
import { controlPlaneSelector, findCluster, isControlPlane } from '../cluster/find';
import { listAll } from '../cluster/remains';
import type { Api } from '../kube/api';
import { isForbidden } from '../kube/api-error';
import { createResourceFinder } from '../kube/discovery';
import { getObject } from '../kube/objects';
import { describeObject, type KubeObject, RESOURCES, type Resource } from '../kube/types';

/** What the host holds of a virtual cluster, and what a declaration is to be compared with it. */
export interface Running {
  /** The declared objects, less those that `create` would leave alone. */
  readonly desired: readonly Manifest[];
  readonly current: readonly CurrentManifest[];
  /** What the reader should know besides. */
  readonly notes: readonly string[];
}

/** Kinds of which the host may hold objects that an earlier declaration had. */
const IN_NAMESPACE: readonly Resource[] = [
  RESOURCES.statefulSets,
  RESOURCES.services,
  RESOURCES.configMaps,
  RESOURCES.serviceAccounts,
  RESOURCES.roleBindings,
  RESOURCES.roles,
  RESOURCES.ingresses,
  { apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRouteTCP', plural: 'ingressroutetcps', namespaced: true },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'TLSRoute', plural: 'tlsroutes', namespaced: true },
];
const ANYWHERE: readonly Resource[] = [
  RESOURCES.roleBindings,
  RESOURCES.roles,
  RESOURCES.clusterRoleBindings,
  RESOURCES.clusterRoles,
];

/**
 * Reads what the host holds of a declared virtual cluster. Nothing is written.
 * @throws SubletError `OWNERSHIP_CONFLICT` where the name is taken by something else, or what the API server answers
 */
export async function readRunning(
  api: Api,
  { name, namespace, requires }: Pick<ResolvedSpec, 'name' | 'namespace' | 'requires'>,
  declared: readonly Manifest[],
  signal: AbortSignal,
): Promise<Running> {
  const findResource = createResourceFinder(api);
  const found = await Promise.all(
    declared.map(async (object) => readDeclared(api, await findResource(object), object, signal)),
  );
  const known = found.flatMap((object) => (object === undefined ? [] : [object]));
  checkOwner(known, name, namespace);
  const seen = new Set(known.map(idOf));
  const marked = await readOthers(api, name, namespace, signal);
  const others = marked.filter((object) => !seen.has(idOf(object)) && !isOfPolicy(object, name, requires));
  // `create` makes the namespace where it is missing, and leaves it as it is where it exists.
  const isNamespace = ({ kind }: { readonly kind?: string }) => kind === 'Namespace';
  const hasNamespace = known.some(isNamespace);
  return {
    desired: hasNamespace ? declared.filter((object) => !isNamespace(object)) : declared,
    current: [...known.filter((object) => !isNamespace(object)), ...others].map(asManifest),
    notes: await elsewhere(api, name, namespace, known, signal),
  };
}

async function readDeclared(
  api: Api,
  resource: Resource,
  object: Manifest,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const { namespace, name } = object.metadata;
  try {
    return await getObject(api, resource, namespace, name, { signal });
  } catch (error) {
    // Whoever works inside one namespace often may not read the namespace itself: it counts as there.
    if (object.kind === 'Namespace' && isForbidden(error)) return object;
    throw error;
  }
}

function checkOwner(found: readonly KubeObject[], name: string, namespace: string): void {
  const taken = found.find(({ kind }) => kind === 'StatefulSet');
  if (taken === undefined || isControlPlane(taken)) return;
  throw new SubletError(
    'OWNERSHIP_CONFLICT',
    `${describeObject(taken)} in namespace "${namespace}" is no virtual cluster of Sublet's`,
    { hint: `choose another name than "${name}", or another namespace with -n` },
  );
}

/** Whether an object belongs to a policy that is declared elsewhere: its section, its rights or its endpoint. */
function isOfPolicy({ metadata = {} }: KubeObject, cluster: string, requires: ResolvedSpec['requires']): boolean {
  const { labels = {}, name = '' } = metadata;
  const purpose = labels[LABELS.section] ?? /:(.*)$/.exec(name)?.[1];
  return requires.some(
    (section) => section === purpose || (section === 'endpoint' && name === clusterNames(cluster).endpoint),
  );
}

/** What carries the marks of this virtual cluster, declared or not. */
async function readOthers(
  api: Api,
  name: string,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const selectors = [controlPlaneSelector(name), `${LABELS.configOf}=${name}`];
  const inNamespace = IN_NAMESPACE.map((kind) => listAll(api, kind, namespace, selectors, signal));
  const anywhere = ANYWHERE.map((kind) => listAll(api, kind, undefined, [controlPlaneSelector(name)], signal));
  // Outside of its namespace a cluster's rights bear a name that tells where it lives; those of policies go on.
  const roleName = `${clusterNames(name).serviceAccount}-v-${namespace}`;
  const isOwn = ({ metadata }: KubeObject) => metadata?.name === roleName || metadata?.name?.startsWith(`${roleName}:`);
  const outside = (await Promise.all(anywhere)).flat().filter(isOwn);
  const all = [...(await Promise.all(inNamespace)).flat(), ...outside];
  return [...new Map(all.map((object) => [idOf(object), object])).values()];
}

async function elsewhere(
  api: Api,
  name: string,
  namespace: string,
  found: readonly KubeObject[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (found.some(({ kind }) => kind === 'StatefulSet')) return [];
  const other = await findCluster(api, name, undefined, { signal }).catch(() => undefined);
  if (other === undefined || other.namespace === namespace) return [];
  return [
    `A virtual cluster "${name}" runs in namespace "${other.namespace}". It can not be moved: this would make a second, empty one.`,
  ];
}

function asManifest(object: KubeObject): CurrentManifest {
  const { apiVersion = 'v1', kind = '', metadata = {} } = object;
  return { ...object, apiVersion, kind, metadata: { ...metadata, name: metadata.name ?? '' } };
}

function idOf({ kind = '', metadata = {} }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}
