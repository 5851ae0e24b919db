import type { RoleBinding } from 'kubernetes-types/rbac/v1';
import { LABELS, SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { isForbidden, isNotFound, KubeApiError } from '../kube/api-error';
import type { ResourceFinder } from '../kube/discovery';
import { applyObject, getObject } from '../kube/objects';
import { describeObject, type KubeObject, RESOURCES } from '../kube/types';
import { isControlPlane } from './find';
import {
  distinctRights,
  escalation,
  grantedRights,
  missingRights,
  neededRights,
  type Right,
  rightsError,
} from './rights';
import { checkStorage } from './storage';

const REACH_TIMEOUT_MS = 5000;

/** What is about to be created. */
export interface CreatePlan {
  readonly api: Api;
  readonly findResource: ResourceFinder;
  /** The virtual cluster's name. */
  readonly name: string;
  readonly namespace: string;
  readonly objects: readonly KubeObject[];
  /** Whether a missing namespace is to be made. */
  readonly createNamespace: boolean;
  /** Whether an existing virtual cluster is to be changed instead of refused. */
  readonly upgrade: boolean;
  readonly signal: AbortSignal;
}

/** What the checks found out. */
export interface PreflightResult {
  readonly namespaceExists: boolean;
  readonly clusterExists: boolean;
}

/**
 * Checks everything that can be known before the first write, and writes nothing.
 * @throws SubletError `API_UNREACHABLE`, `NAMESPACE_NOT_FOUND`, `HOST_RIGHTS`, `CLUSTER_EXISTS`, `OWNERSHIP_CONFLICT`,
 * `STORAGE_CLASS_MISSING`, or the API server's own refusal of one of the objects
 */
export async function preflight(plan: CreatePlan): Promise<PreflightResult> {
  await checkReachable(plan.api, plan.signal);
  const found = await checkNamespace(plan);
  await checkRights(plan, found);
  // One that may not be looked at is taken for existing: the objects will tell.
  const namespaceExists = found !== 'missing';
  const clusterExists = namespaceExists && (await checkExisting(plan));
  await checkStorage(plan.api, plan.objects, { signal: plan.signal });
  await checkAccepted(plan, namespaceExists);
  return { namespaceExists, clusterExists };
}

/**
 * Asks the API server for its version.
 * @throws SubletError `API_UNREACHABLE` after five seconds without an answer
 */
export async function checkReachable(api: Api, signal: AbortSignal): Promise<void> {
  await api.request({ path: '/version', timeoutMs: REACH_TIMEOUT_MS, signal });
}

type NamespaceState = 'exists' | 'missing' | 'hidden';

async function checkNamespace({ api, name, namespace, createNamespace, signal }: CreatePlan): Promise<NamespaceState> {
  const found = await getNamespace(api, namespace, signal);
  if (found === 'hidden') return found;
  if (found?.metadata?.deletionTimestamp !== undefined) {
    throw new SubletError('NAMESPACE_NOT_FOUND', `namespace "${namespace}" is being deleted`, {
      hint: `wait until it is gone (kubectl get namespace ${namespace}), or choose another with -n`,
    });
  }
  if (found !== undefined) return 'exists';
  if (createNamespace) return 'missing';
  throw new SubletError('NAMESPACE_NOT_FOUND', `namespace "${namespace}" does not exist on ${api.contextName}`, {
    hint: `let it be made: sublet create ${name} -n ${namespace} --create-namespace`,
  });
}

async function getNamespace(api: Api, name: string, signal: AbortSignal): Promise<KubeObject | 'hidden' | undefined> {
  try {
    return await getObject(api, RESOURCES.namespaces, undefined, name, { signal });
  } catch (error) {
    // Whoever works inside one namespace often may not read it: its objects will tell whether it is there.
    if (isForbidden(error)) return 'hidden';
    throw error;
  }
}

async function checkRights(plan: CreatePlan, found: NamespaceState): Promise<void> {
  const resources = await Promise.all(plan.objects.map(plan.findResource));
  const needed = neededRights(resources, plan.namespace, found === 'missing');
  const ask = (rights: readonly Right[]) => missingRights(plan.api, rights, plan.signal);
  const mayEscalate = (await ask(escalation(plan.objects, plan.namespace))).length === 0;
  const handedOn = mayEscalate ? [] : grantedRights(plan.objects, plan.namespace);
  const missing = await ask(distinctRights([...needed, ...handedOn]));
  if (missing.length > 0) throw await rightsError(plan.api, missing, plan.namespace, found === 'hidden');
}

async function checkExisting(plan: CreatePlan): Promise<boolean> {
  const existing = await Promise.all(
    plan.objects.map(async (object) => {
      const { namespace, name = '' } = object.metadata ?? {};
      return getObject(plan.api, await plan.findResource(object), namespace, name, { signal: plan.signal });
    }),
  );
  const clusterExists = plan.objects.some(
    (object, index) => object.kind === 'StatefulSet' && isOurs(existing[index], object),
  );
  if (clusterExists && !plan.upgrade) {
    throw new SubletError('CLUSTER_EXISTS', `virtual cluster "${plan.name}" exists already in "${plan.namespace}"`, {
      hint: `change it with --upgrade, use it with \`sublet connect ${plan.name} -n ${plan.namespace}\`, or choose another name`,
    });
  }
  plan.objects.forEach((object, index) => {
    const found = existing[index];
    if (found === undefined || isOurs(found, object)) return;
    throw new SubletError(
      'OWNERSHIP_CONFLICT',
      `${describeObject(object)} exists in "${plan.namespace}" and is not of virtual cluster "${plan.name}"`,
      { hint: 'choose another name or another namespace with -n' },
    );
  });
  return clusterExists;
}

/** Whether what exists carries the labels that say whose it is, as the object to be applied does. */
function isOurs(found: KubeObject | undefined, wanted: KubeObject): boolean {
  if (found === undefined) return false;
  const labels = wanted.metadata?.labels ?? {};
  const telling = [LABELS.app, LABELS.release, LABELS.configOf].filter((key) => labels[key] !== undefined);
  const labelled = telling.length > 0 && telling.every((key) => found.metadata?.labels?.[key] === labels[key]);
  return labelled && (wanted.kind !== 'StatefulSet' || isControlPlane(found));
}

async function checkAccepted(plan: CreatePlan, namespaceExists: boolean): Promise<void> {
  // In a namespace that does not exist yet the server can try none of the objects.
  if (!namespaceExists) return;
  for (const object of plan.objects) {
    const resource = await plan.findResource(object);
    try {
      await applyObject(plan.api, resource, object, { dryRun: true, force: plan.upgrade, signal: plan.signal });
    } catch (error) {
      if (waitsForItsRole(object, error, plan.objects)) continue;
      throw error instanceof KubeApiError ? refusal(object, error, plan) : error;
    }
  }
}

/**
 * A binding to a Role that is yet to be made can't be tried: to see whether the user holds what it hands on, the server
 * looks into the Role and says "not found". Those rights were asked for one by one already.
 */
function waitsForItsRole(object: KubeObject, error: unknown, objects: readonly KubeObject[]): boolean {
  if (object.kind !== 'RoleBinding' || !isNotFound(error)) return false;
  const { name } = (object as Pick<RoleBinding, 'roleRef'>).roleRef;
  return objects.some((other) => other.kind === 'Role' && other.metadata?.name === name);
}

/** The API server's refusal of an object, in words of the command. */
export function refusal(object: KubeObject, error: KubeApiError, plan: { readonly namespace: string }): SubletError {
  const said = error.message.slice(error.message.indexOf(': ') + 2);
  const what = `the host refuses ${describeObject(object)}: ${said}`;
  if (error.status === 404 && said.includes('namespaces')) {
    return new SubletError('NAMESPACE_NOT_FOUND', `namespace "${plan.namespace}" does not exist`, { cause: error });
  }
  if (error.status === 403 && said.includes('attempting to grant RBAC permissions')) {
    const hint =
      "the syncer's Role may hold only what you hold yourself: ask an administrator of the host cluster for these rights, or for the verb `escalate` on roles in this namespace";
    return new SubletError('HOST_RIGHTS', what, { cause: error, hint });
  }
  const hint =
    error.status === 403
      ? 'a policy or quota of this namespace, or a missing right, stands against it: ask an administrator of the host cluster'
      : error.status === 409
        ? 'another program set these fields: see who with `kubectl get -o yaml --show-managed-fields`'
        : undefined;
  return new SubletError(error.status === 403 ? 'API_FORBIDDEN' : error.code, what, {
    cause: error,
    ...(hint !== undefined && { hint }),
  });
}
