import { setTimeout as sleep } from 'node:timers/promises';
import { clusterNames, KUBECONFIG_KEYS, LABELS, SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { getObject, listObjects } from '../kube/objects';
import { type KubeObject, RESOURCES } from '../kube/types';
import { type ControlPlane, controlPlaneSelector } from './find';
import { type ControlPlaneFacts, describeMissing } from './missing';

const POLL_MS = 500;
/** How long the host's API may be away before waiting gives up. */
const OUTAGE_MS = 30_000;

type SecretObject = KubeObject & { readonly data?: { readonly [key: string]: string } };

type EventObject = KubeObject &
  ControlPlaneFacts['events'][number] & { readonly lastTimestamp?: string | null; readonly eventTime?: string | null };

/** What is waited for. */
export interface WaitOptions {
  readonly api: Api;
  readonly name: string;
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what is still missing, each time it was looked up. */
  readonly onMissing?: (missing: readonly string[]) => void;
  /** Milliseconds, monotonic. @default performance.now */
  readonly now?: () => number;
}

/**
 * Waits until a virtual cluster can be used: its StatefulSet is ready and the Secret with its kubeconfig exists.
 * @throws SubletError `NOT_READY` with what is missing, or `INTERRUPTED`
 */
export async function waitForReady(options: WaitOptions): Promise<void> {
  const { api, name, namespace, timeoutMs, signal, now = () => performance.now() } = options;
  const started = now();
  let answered = started;
  let missing: readonly string[] = [];
  for (;;) {
    try {
      missing = describeMissing(await readFacts(api, name, namespace, signal));
      answered = now();
    } catch (error) {
      if (signal.aborted) throw interrupted(name, namespace);
      const away = error instanceof SubletError && error.code === 'API_UNREACHABLE' && now() - answered < OUTAGE_MS;
      if (!away) throw error;
      missing = ['the host cluster does not answer'];
    }
    if (missing.length === 0) return;
    options.onMissing?.(missing);
    if (now() - started >= timeoutMs) throw notReady(name, namespace, timeoutMs, missing);
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw interrupted(name, namespace);
  }
}

/** Looks up what {@link describeMissing} needs. */
export async function readFacts(
  api: Api,
  name: string,
  namespace: string,
  signal: AbortSignal,
): Promise<ControlPlaneFacts> {
  const query = { namespace, labelSelector: controlPlaneSelector(name) };
  const options = { signal };
  const ofConfiguration = { namespace, labelSelector: `${LABELS.configOf}=${name}` };
  const [controlPlane, pods, claims, sections, kubeconfig] = await Promise.all([
    getObject<ControlPlane>(api, RESOURCES.statefulSets, namespace, name, options),
    listObjects<ControlPlaneFacts['pods'][number]>(api, RESOURCES.pods, query, options),
    optional(listObjects<ControlPlaneFacts['claims'][number]>(api, RESOURCES.persistentVolumeClaims, query, options)),
    listObjects<KubeObject>(api, RESOURCES.configMaps, ofConfiguration, options).catch(() => undefined),
    readKubeconfigSecret(api, name, namespace, signal),
  ]);
  const told = [...new Set([name, ...[...pods, ...claims].map((object) => object.metadata?.name ?? name)])];
  const events = await readEvents(api, namespace, told, signal);
  return { controlPlane, pods, claims, sections, events, kubeconfigReady: kubeconfig !== undefined };
}

/** The events about objects of these names, oldest first. */
export async function readEvents(
  api: Api,
  namespace: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly EventObject[]> {
  const lists = names.map((name) => {
    const query = { namespace, fieldSelector: `involvedObject.name=${name}` };
    return optional(listObjects<EventObject>(api, RESOURCES.events, query, { signal }));
  });
  return (await Promise.all(lists)).flat().sort((a, b) => secondOf(a) - secondOf(b) || writtenAt(a) - writtenAt(b));
}

/** Some writers tell fractions of a second, others do not: within a second the times say nothing. */
function secondOf({ lastTimestamp, eventTime, metadata }: EventObject): number {
  return Math.floor(Date.parse(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '') / 1000) || 0;
}

function writtenAt({ metadata }: EventObject): number {
  return Number(metadata?.resourceVersion) || 0;
}

/** The kubeconfig that the syncer wrote for the tenant, or `undefined` where it is not there yet. */
export async function readKubeconfigSecret(
  api: Api,
  name: string,
  namespace: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const secretName = clusterNames(name).kubeconfigSecret;
  const secret = await getObject<SecretObject>(api, RESOURCES.secrets, namespace, secretName, { signal });
  const encoded = secret?.data?.[KUBECONFIG_KEYS.config];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Claims and events only explain: whoever may not read them still learns when the cluster is ready. */
async function optional<T>(list: Promise<readonly T[]>): Promise<readonly T[]> {
  return list.catch(() => []);
}

function notReady(name: string, namespace: string, timeoutMs: number, missing: readonly string[]): SubletError {
  const lines = missing.map((entry) => `  ${entry}`).join('\n');
  return new SubletError('NOT_READY', `"${name}" is not ready after ${timeoutMs / 1000} s:\n${lines}`, {
    hint: `look again: sublet status ${name} -n ${namespace}\nor remove it: sublet delete ${name} -n ${namespace}`,
  });
}

function interrupted(name: string, namespace: string): SubletError {
  return new SubletError('INTERRUPTED', `stopped waiting; "${name}" is there and goes on starting`, {
    hint: `go on: sublet connect ${name} -n ${namespace}\nor remove it: sublet delete ${name} -n ${namespace}`,
  });
}
