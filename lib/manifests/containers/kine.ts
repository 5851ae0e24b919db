import type { Container } from 'kubernetes-types/core/v1';
import { FILES } from '../../contract';
import type { ResolvedSpec, ResolvedSqliteStore } from '../../spec';
import { stoppedLast } from '../shared-store';
import { MOUNTS } from '../volumes';
import { databaseAccess } from './kine-database';
import { resourceRequirements } from './resources';
import { containerSecurity } from './security';

/**
 * Serves SQLite's file, or a database outside, to the API server in etcd's protocol, over a socket that only this pod can
 * reach. An etcd outside is asked by the API server itself.
 */
export function kineContainers(spec: ResolvedSpec): readonly Container[] {
  const { store } = spec;
  if (store.kind === 'etcd') return [];
  const { args, env, volumeMounts } = store.kind === 'sqlite' ? sqliteAccess(store) : databaseAccess(store);
  return [
    {
      name: 'kine',
      image: spec.images.kine,
      imagePullPolicy: spec.images.pullPolicy,
      args: [
        ...args,
        `--listen-address=unix://${FILES.kineSocket}`,
        // Its metrics would be readable by every pod of the host.
        '--metrics-bind-address=0',
      ],
      env,
      ...stoppedLast(spec),
      resources: resourceRequirements(store.resources),
      securityContext: containerSecurity(),
      volumeMounts: [MOUNTS.sockets, ...volumeMounts],
    },
  ];
}

function sqliteAccess(store: ResolvedSqliteStore) {
  return {
    args: [`--endpoint=${sqliteEndpoint(store)}`],
    // VACUUM at the start writes the whole file a second time, and the root file system is read-only.
    env: [{ name: 'SQLITE_TMPDIR', value: FILES.dataDir }],
    volumeMounts: [MOUNTS.data],
  };
}

/**
 * kine's own parameters, but for `_synchronous`: NORMAL, its default, forgets the last writes when the node loses
 * power. A store that went back in time would look restored to the syncer, which then stops deleting.
 */
function sqliteEndpoint({ persistence }: ResolvedSqliteStore): string {
  const parameters = {
    _journal_mode: 'WAL',
    _busy_timeout: '30000',
    _synchronous: persistence.kind === 'volumeClaim' ? 'FULL' : 'NORMAL',
    _txlock: 'immediate',
    _stmt_cache_size: '20',
    cache: 'shared',
  };
  return `sqlite://${FILES.sqliteFile}?${new URLSearchParams(parameters)}`;
}
