import { join } from 'node:path';
import { NETWORK } from '../network/addresses';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked } from './context';

/** The host's store. It does not wait for the disk: a host that loses power is made anew. */
export function etcd(context: HostContext): DaemonCommand {
  return {
    name: 'etcd',
    argv: networked(context, 'etcd', [
      `--data-dir=${join(context.paths.directory, 'etcd')}`,
      `--listen-client-urls=${NETWORK.etcd}`,
      `--advertise-client-urls=${NETWORK.etcd}`,
      `--listen-peer-urls=${NETWORK.etcdPeer}`,
      `--initial-advertise-peer-urls=${NETWORK.etcdPeer}`,
      `--initial-cluster=default=${NETWORK.etcdPeer}`,
      '--unsafe-no-fsync',
      '--auto-compaction-mode=periodic',
      '--auto-compaction-retention=10m',
      '--quota-backend-bytes=4294967296',
    ]),
  };
}
