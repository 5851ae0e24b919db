import { type AccessTarget, accessForRun } from '../cluster/access';
import { type Api, createApi } from '../kube/api';
import { asObject } from '../kube/objects';
import { editKubeconfig, putEntry, useContext } from '../kubeconfig/edit';
import { parseKubeconfig, selectContext } from '../kubeconfig/read';
import type { Session } from '../session';

/** The API of a virtual cluster, reached for the time of this run. */
export interface Inside {
  readonly api: Api;
  readonly version: string;
  close(): Promise<void>;
}

/** Opens a virtual cluster's API as its tenant: with the kubeconfig from its Secret, through a port-forward. */
export async function openInside(session: Session, target: AccessTarget): Promise<Inside> {
  const access = await accessForRun(session, target);
  const { entry } = access;
  const text = editKubeconfig('', [putEntry(entry), useContext(entry.name)]);
  const api = createApi(selectContext(parseKubeconfig(text), entry.name));
  const close = async (): Promise<void> => {
    api.close();
    await access.close();
  };
  try {
    const { body } = await api.request({ path: '/version', signal: session.signal });
    return { api, close, version: asObject<{ readonly gitVersion: string }>(body).gitVersion };
  } catch (error) {
    await close();
    throw error;
  }
}
