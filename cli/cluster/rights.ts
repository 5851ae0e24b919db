import { SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { asObject } from '../kube/objects';
import { groupOf, RESOURCES, type Resource } from '../kube/types';

/** One thing that the identity in use must be allowed to do. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** `undefined` for cluster-scoped resources. */
  readonly namespace: string | undefined;
}

const WRITE_VERBS = ['get', 'create', 'patch', 'delete'] as const;

/** What creating a virtual cluster of these kinds in `namespace` takes, its waiting and its undoing included. */
export function neededRights(
  resources: readonly Resource[],
  namespace: string,
  createNamespace: boolean,
): readonly Right[] {
  const writes = unique(resources).flatMap((resource) => WRITE_VERBS.map((verb) => right(verb, resource, namespace)));
  const reads = [right('list', RESOURCES.pods, namespace), right('get', RESOURCES.secrets, namespace)];
  const namespaced = createNamespace ? WRITE_VERBS.map((verb) => right(verb, RESOURCES.namespaces, namespace)) : [];
  const all = [...namespaced, ...writes, ...reads];
  return all.filter((candidate, index) => all.findIndex((other) => keyOf(other) === keyOf(candidate)) === index);
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

/** The error for missing rights: what is missing, and the commands by which an administrator grants it. */
export async function rightsError(api: Api, missing: readonly Right[], namespace: string): Promise<SubletError> {
  const user = await whoAmI(api);
  const lines = group(missing).map(({ verbs, resource, scope }) => `  ${verbs.join(', ')}  ${resource}${scope}`);
  return new SubletError(
    'HOST_RIGHTS',
    `${user === undefined ? `the user of context "${api.contextName}"` : `user "${user}"`} lacks rights on the host cluster:\n${lines.join('\n')}`,
    { hint: grantHint(missing, namespace, user) },
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
  const { body } = await api.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: wanted },
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

function grantHint(missing: readonly Right[], namespace: string, user: string | undefined): string {
  const lines = ['an administrator of the host cluster can grant it:'];
  for (const scope of ['role', 'clusterrole'] as const) {
    const rights = missing.filter((entry) => (entry.namespace === undefined) === (scope === 'clusterrole'));
    if (rights.length === 0) continue;
    const verbs = [...new Set(rights.map((entry) => entry.verb))].join(',');
    const resources = [...new Set(rights.map(resourceName))].join(',');
    const where = scope === 'role' ? `-n ${namespace} ` : '';
    lines.push(
      `  kubectl ${where}create ${scope} sublet-operator --verb=${verbs} --resource=${resources}`,
      `  kubectl ${where}create ${scope}binding sublet-operator --${scope}=sublet-operator --user=${user ?? 'USER'}`,
    );
  }
  return lines.join('\n');
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
  return entry.group === '' ? entry.resource : `${entry.resource}.${entry.group}`;
}

function keyOf(entry: Right): string {
  return `${entry.verb} ${resourceName(entry)} ${entry.namespace ?? ''}`;
}

function unique(resources: readonly Resource[]): readonly Resource[] {
  return [...new Set(resources)];
}
