import type { Container } from 'kubernetes-types/core/v1';
import { FILES } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { MOUNTS } from '../volumes';
import { resourceRequirements } from './resources';
import { containerSecurity } from './security';

/** Serves the SQLite file to the API server in etcd's protocol, over a socket that only this pod can reach. */
export function kineContainer(spec: ResolvedSpec): Container {
  return {
    name: 'kine',
    image: spec.images.kine,
    imagePullPolicy: spec.images.pullPolicy,
    args: [
      `--endpoint=${sqliteEndpoint(spec)}`,
      `--listen-address=unix://${FILES.kineSocket}`,
      // Its metrics would be readable by every pod of the host.
      '--metrics-bind-address=0',
    ],
    // VACUUM at the start writes the whole file a second time, and the root file system is read-only.
    env: [{ name: 'SQLITE_TMPDIR', value: FILES.dataDir }],
    // All containers are stopped at once: the store outlives the API server's last requests, which end within 2 s.
    lifecycle: { preStop: { sleep: { seconds: 3 } } },
    resources: resourceRequirements(spec.store.resources),
    securityContext: containerSecurity(),
    volumeMounts: [MOUNTS.sockets, MOUNTS.data],
  };
}

/**
 * kine's own parameters, but for `_synchronous`: NORMAL, its default, forgets the last writes when the node loses
 * power. A store that went back in time would look restored to the syncer, which then stops deleting.
 */
function sqliteEndpoint({ store }: ResolvedSpec): string {
  const parameters = {
    _journal_mode: 'WAL',
    _busy_timeout: '30000',
    _synchronous: store.persistence.kind === 'volumeClaim' ? 'FULL' : 'NORMAL',
    _txlock: 'immediate',
    _stmt_cache_size: '20',
    cache: 'shared',
  };
  return `sqlite://${FILES.sqliteFile}?${new URLSearchParams(parameters)}`;
}
