import { type Api, createApi } from '../kube/api';
import { asObject } from '../kube/objects';
import { editKubeconfig, putEntry, useContext } from '../kubeconfig/edit';
import type { KubeconfigEntry } from '../kubeconfig/entry';
import { parseKubeconfig, selectContext } from '../kubeconfig/read';
import type { Session } from '../session';
import { type AccessTarget, accessForRun } from './access';

/** Longer than a port-forward waits for a control plane that restarts. */
const ANSWER_TIMEOUT_MS = 25_000;

/** The API of a virtual cluster, reached for the time of this run. */
export interface Inside {
  readonly api: Api;
  /** Its Kubernetes version: `v1.37.2`. */
  readonly version: string;
  close(): Promise<void>;
}

/** Opens a virtual cluster's API as its tenant: with the kubeconfig from its Secret, through a port-forward. */
export async function openInside(session: Session, target: AccessTarget): Promise<Inside> {
  const access = await accessForRun(session, target);
  const api = apiOf(access.entry);
  const close = async (): Promise<void> => {
    api.close();
    await access.close();
  };
  try {
    return { api, close, version: await askVersion(api, session.signal) };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Asks the API server behind a kubeconfig entry for its version, so that a connection is known to work.
 * @throws SubletError `API_UNREACHABLE`, or KubeApiError where it does not let the entry's user in
 */
export async function checkEntry(entry: KubeconfigEntry, signal: AbortSignal): Promise<string> {
  const api = apiOf(entry);
  try {
    return await askVersion(api, signal);
  } finally {
    api.close();
  }
}

function apiOf(entry: KubeconfigEntry): Api {
  const text = editKubeconfig('', [putEntry(entry), useContext(entry.name)]);
  return createApi(selectContext(parseKubeconfig(text), entry.name));
}

async function askVersion(api: Api, signal: AbortSignal): Promise<string> {
  const { body } = await api.request({ path: '/version', signal, timeoutMs: ANSWER_TIMEOUT_MS });
  return asObject<{ readonly gitVersion: string }>(body).gitVersion;
}
