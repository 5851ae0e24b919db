import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { type HostHandle, hostUp } from '../../../host';
import { shortHash } from '../../../lib/contract';
import { KUBERNETES_VERSIONS, type KubernetesOptions } from '../../../lib/spec';

/** Where the global setup leaves the name of the run's host for the test files. */
const VARIABLE = 'SUBLET_API_HOST';
/** When it began. */
const SINCE_VARIABLE = 'SUBLET_API_SINCE';
/** Kubernetes version of the host, and of virtual clusters that name none. @default the newest */
const HOST_VERSION = 'SUBLET_API_HOST_VERSION';
const VIRTUAL_VERSION = 'SUBLET_API_VIRTUAL_VERSION';
/** KWOK nodes of the host: enough for the scheduler to have a choice. */
const NODES = 3;

/**
 * Picks the name of this run's host: a new one each time, so that runs side by side do not disturb each other. With
 * `SUBLET_KEEP_HOST` it is always the same, and stays up for the next run.
 */
export function chooseHost(): string {
  const kept = shortHash(`${resolve(__dirname)} ${process.env[HOST_VERSION]}`, 6);
  const name = `api-${process.env.SUBLET_KEEP_HOST ? kept : randomBytes(3).toString('hex')}`;
  process.env[VARIABLE] = name;
  process.env[SINCE_VARIABLE] = String(Date.now());
  return name;
}

/** The name that {@link chooseHost} picked. */
export function chosenHost(): string {
  const name = process.env[VARIABLE];
  if (name === undefined) throw new Error('the global setup of the project "api" has not run');
  return name;
}

/** When this run began, in milliseconds since 1970: a host that was kept has an audit log of earlier runs too. */
export function runSince(): number {
  return Number(process.env[SINCE_VARIABLE] ?? 0);
}

/** The versions of host and virtual clusters, as this run was asked for them. */
export function versionVariables(host: string, virtual: string): { readonly [name: string]: string } {
  return { [HOST_VERSION]: host, [VIRTUAL_VERSION]: virtual };
}

/** The Kubernetes version of this run's host, `undefined` for the newest. */
export function hostVersion(): string | undefined {
  return process.env[HOST_VERSION];
}

/** The Kubernetes version of virtual clusters in this run. */
export function virtualVersion(): KubernetesOptions {
  const asked = process.env[VIRTUAL_VERSION];
  const version = Object.values(KUBERNETES_VERSIONS).find((known) => known === asked);
  if (asked !== undefined && version === undefined) throw new Error(`${VIRTUAL_VERSION}=${asked} is not known`);
  return version === undefined ? {} : { version };
}

/** The host cluster of this run, started by the first who asks: API server, controllers, scheduler, KWOK nodes. */
export async function apiHost(onStep?: (text: string) => void): Promise<HostHandle> {
  const version = hostVersion();
  return hostUp({
    name: chosenHost(),
    mode: 'kwok',
    ...(version === undefined ? {} : { version }),
    nodes: NODES,
    audit: 'serviceAccounts',
    onStep: ({ name, state, detail }) => {
      if (state === 'done') onStep?.(`${name}${detail ? ` (${detail})` : ''}`);
    },
  });
}
