import { homedir } from 'node:os';
import { join } from 'node:path';
import { SubletError } from '../lib/contract';

/** Where everything of one host cluster lies. */
export interface HostPaths {
  readonly name: string;
  /** Persistent state: PKI, etcd's data, the node's `/var`, logs. Removed by `down`. */
  readonly directory: string;
  readonly logs: string;
  readonly processes: string;
  readonly pki: string;
  /** Becomes `/var` in the node's mount namespace. */
  readonly nodeVar: string;
  readonly registry: string;
  /** Dynamically provisioned volumes. */
  readonly volumes: string;
  readonly auditLog: string;
  readonly stateFile: string;
  /** Admin kubeconfig for use outside of the network namespace. */
  readonly kubeconfig: string;
  readonly networkNamespace: string;
  readonly networkNamespaceFile: string;
  /** Path below each cgroup hierarchy under which the pods run. */
  readonly cgroup: string;
  /** Guards against two `up` or `down` of the same name at once, on the whole machine. */
  readonly lockFile: string;
  readonly nodeName: string;
}

/** Directory of everything that Sublet caches: `$SUBLET_CACHE`, else `$XDG_CACHE_HOME/sublet`, else `~/.cache/sublet`. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SUBLET_CACHE) return environment.SUBLET_CACHE;
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sublet');
}

/** Directory whose entries are the hosts' directories. */
export function hostsDirectory(): string {
  return join(cacheDirectory(), 'hosts');
}

/** Directory of lock files; on a memory file system, since no lock outlives a boot. */
export const LOCK_DIRECTORY = '/run/sublet';

/**
 * The paths of the host called `name`.
 * @throws SubletError `NAME_INVALID`
 */
export function hostPaths(name: string): HostPaths {
  // The name becomes part of a network namespace, a cgroup and a node name.
  if (!/^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/.test(name)) {
    throw new SubletError('NAME_INVALID', `host name ${JSON.stringify(name)} is not valid`, {
      hint: 'Use at most 30 lower-case letters, digits and dashes, with a letter or digit at both ends.',
    });
  }
  const directory = join(hostsDirectory(), name);
  const networkNamespace = `sublet-${name}`;
  return {
    name,
    directory,
    logs: join(directory, 'logs'),
    processes: join(directory, 'processes'),
    pki: join(directory, 'pki'),
    nodeVar: join(directory, 'node', 'var'),
    registry: join(directory, 'registry'),
    volumes: join(directory, 'volumes'),
    auditLog: join(directory, 'audit.log'),
    stateFile: join(directory, 'state.json'),
    kubeconfig: join(directory, 'kubeconfig'),
    networkNamespace,
    networkNamespaceFile: `/run/netns/${networkNamespace}`,
    cgroup: `/${networkNamespace}`,
    lockFile: join(LOCK_DIRECTORY, `${name}.lock`),
    nodeName: `${name}-1`,
  };
}
