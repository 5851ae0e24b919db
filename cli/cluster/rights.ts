import type { Role } from 'kubernetes-types/rbac/v1';
import { SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { asObject } from '../kube/objects';
import { groupOf, type KubeObject, RESOURCES, type Resource } from '../kube/types';

/** One thing that the identity in use must be allowed to do. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** With its subresource, if any: `pods/exec`. */
  readonly resource: string;
  /** `undefined` for cluster-scoped resources. */
  readonly namespace: string | undefined;
}

const WRITE_VERBS = ['get', 'create', 'patch', 'delete'] as const;

/** What creating a virtual cluster of these kinds in `namespace` takes, its waiting and its removal included. */
export function neededRights(
  resources: readonly Resource[],
  namespace: string,
  createNamespace: boolean,
): readonly Right[] {
  const writes = unique(resources).flatMap((resource) => WRITE_VERBS.map((verb) => right(verb, resource, namespace)));
  const reads = [right('get', RESOURCES.secrets, namespace)];
  const namespaced = createNamespace ? WRITE_VERBS.map((verb) => right(verb, RESOURCES.namespaces, namespace)) : [];
  return distinctRights([...namespaced, ...writes, ...reads, ...removalRights(namespace, false)]);
}

/** Kinds of which every virtual cluster has objects. */
const ALWAYS_THERE = [
  RESOURCES.statefulSets,
  RESOURCES.pods,
  RESOURCES.services,
  RESOURCES.configMaps,
  RESOURCES.secrets,
  RESOURCES.roleBindings,
  RESOURCES.roles,
  RESOURCES.serviceAccounts,
];

/** What removing a virtual cluster takes: without it something would silently stay. */
export function removalRights(namespace: string, keepData: boolean): readonly Right[] {
  const claims = RESOURCES.persistentVolumeClaims;
  const kinds = keepData ? ALWAYS_THERE : [...ALWAYS_THERE, claims];
  const kept = keepData ? [right('list', claims, namespace), right('patch', claims, namespace)] : [];
  return [...kinds.flatMap((kind) => [right('list', kind, namespace), right('delete', kind, namespace)]), ...kept];
}

/**
 * The rights that Roles and ClusterRoles among the objects hand on. Kubernetes lets nobody hand on what he does not hold, so these are
 * needed too, except by who may escalate.
 */
export function grantedRights(objects: readonly KubeObject[], own: string): readonly Right[] {
  return objects.flatMap((object) => {
    const isRole = object.kind === 'Role' || object.kind === 'ClusterRole';
    const rules = isRole ? ((object as Pick<Role, 'rules'>).rules ?? []) : [];
    const namespace = object.kind === 'Role' ? (object.metadata?.namespace ?? own) : undefined;
    return rules.flatMap(({ apiGroups = [], resources = [], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb): Right => ({ verb, group, resource, namespace }))),
      ),
    );
  });
}

/** The rights with which one may hand on more than one holds, by Roles and, where there are such, by ClusterRoles. */
export function escalation(objects: readonly KubeObject[], namespace: string): readonly Right[] {
  const hasClusterRole = objects.some(({ kind }) => kind === 'ClusterRole');
  const kinds = hasClusterRole ? [RESOURCES.roles, RESOURCES.clusterRoles] : [RESOURCES.roles];
  return kinds.flatMap((kind) => [right('escalate', kind, namespace), right('bind', kind, namespace)]);
}

/** Rights without those that say the same as one before. */
export function distinctRights(rights: readonly Right[]): readonly Right[] {
  return [...new Map(rights.map((entry) => [keyOf(entry), entry])).values()];
}

/** Those of the rights that the API server denies the identity in use. */
export async function missingRights(
  api: Api,
  rights: readonly Right[],
  signal: AbortSignal,
): Promise<readonly Right[]> {
  const allowed = await Promise.all(rights.map((candidate) => isAllowed(api, candidate, signal)));
  return rights.filter((_, index) => allowed[index] !== true);
}

/**
 * The error for missing rights: what is missing, and the commands by which an administrator grants it.
 * @param unseen whether the namespace could not be looked at, so that it may have to be made first
 */
export async function rightsError(
  api: Api,
  missing: readonly Right[],
  namespace: string,
  unseen: boolean,
): Promise<SubletError> {
  const user = await whoAmI(api);
  const lines = group(missing).map(
    ({ verbs, resource, scope }) => `  ${inOrder(verbs).join(', ')}  ${resource}${scope}`,
  );
  return new SubletError(
    'HOST_RIGHTS',
    `${user === undefined ? `the user of context "${api.contextName}"` : `user "${user}"`} lacks rights on the host cluster:\n${lines.join('\n')}`,
    { hint: grantHint(missing, namespace, user, unseen) },
  );
}

function right(verb: string, resource: Resource, namespace: string): Right {
  return {
    verb,
    group: groupOf(resource),
    resource: resource.plural,
    namespace: resource.namespaced ? namespace : undefined,
  };
}

async function isAllowed(api: Api, wanted: Right, signal: AbortSignal): Promise<boolean> {
  const [resource, subresource] = wanted.resource.split('/');
  const { body } = await api.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { ...wanted, resource, subresource } },
    },
    signal,
  });
  return asObject<{ readonly status?: { readonly allowed?: boolean } }>(body).status?.allowed === true;
}

async function whoAmI(api: Api): Promise<string | undefined> {
  try {
    const { body } = await api.request({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    return asObject<{ status?: { userInfo?: { username?: string } } }>(body).status?.userInfo?.username;
  } catch {
    return undefined;
  }
}

function grantHint(missing: readonly Right[], namespace: string, user: string | undefined, unseen: boolean): string {
  const lines = [`an administrator of the host cluster can grant it${unseen ? ', once the namespace exists' : ''}:`];
  if (unseen) lines.push(`  kubectl create namespace ${namespace}`);
  for (const scope of ['role', 'clusterrole'] as const) {
    const rights = missing.filter((entry) => (entry.namespace === undefined) === (scope === 'clusterrole'));
    if (rights.length === 0) continue;
    const verbs = inOrder([...new Set(rights.map((entry) => entry.verb))]).join(',');
    const resources = [...new Set(rights.map(resourceName))].join(',');
    const where = scope === 'role' ? `-n ${namespace} ` : '';
    lines.push(
      `  kubectl ${where}create ${scope} sublet-operator --verb=${verbs} --resource=${resources}`,
      `  kubectl ${where}create ${scope}binding sublet-operator --${scope}=sublet-operator --user=${user ?? 'USER'}`,
    );
  }
  return lines.join('\n');
}

const VERB_ORDER = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

function inOrder(verbs: readonly string[]): readonly string[] {
  return [...verbs].sort((a, b) => VERB_ORDER.indexOf(a) - VERB_ORDER.indexOf(b));
}

function group(missing: readonly Right[]) {
  const groups = new Map<string, { readonly verbs: string[]; readonly resource: string; readonly scope: string }>();
  for (const entry of missing) {
    const resource = resourceName(entry);
    const scope = entry.namespace === undefined ? '' : ` in namespace ${entry.namespace}`;
    const found = groups.get(resource + scope) ?? { verbs: [], resource, scope };
    found.verbs.push(entry.verb);
    groups.set(resource + scope, found);
  }
  return [...groups.values()];
}

function resourceName(entry: Right): string {
  if (entry.group === '') return entry.resource;
  const [resource, ...sub] = entry.resource.split('/');
  return [`${resource}.${entry.group}`, ...sub].join('/');
}

function keyOf(entry: Right): string {
  return `${entry.verb} ${resourceName(entry)} ${entry.namespace ?? ''}`;
}

function unique(resources: readonly Resource[]): readonly Resource[] {
  return [...new Set(resources)];
}
