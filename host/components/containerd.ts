import { dirname, join } from 'node:path';
import { PAUSE_IMAGE } from '../images/references';
import { NETWORK } from '../network/addresses';
import { inNode } from '../node/mount-namespace';
import type { DaemonCommand } from '../process/daemon';
import { renderCniConfig } from './cni';
import { binary, type HostContext } from './context';

/** containerd's socket, as seen in the node's mount namespace. */
export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/** The container runtime. Its folders are the usual ones, but in the node's own `/var` and `/run`. */
export function containerd(context: HostContext, holder: number): DaemonCommand {
  const folder = join(context.paths.directory, 'containerd');
  const config = join(folder, 'config.toml');
  return {
    name: 'containerd',
    files: {
      [config]: renderConfig(folder),
      [join(folder, 'net.d', '10-sublet.conflist')]: renderCniConfig(),
      [join(folder, 'certs.d', '_default', 'hosts.toml')]:
        `[host."http://${NETWORK.registry}"]\n  capabilities = ["pull", "resolve"]\n`,
    },
    argv: [...inNode(context.paths, holder), binary('containerd'), '--config', config],
  };
}

function renderConfig(folder: string): string {
  // TOML's basic strings follow JSON's rules.
  const text = JSON.stringify;
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs", "io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp"]

[grpc]
  address = ${text(CONTAINERD_SOCKET)}

[plugins."io.containerd.cri.v1.images"]
  max_concurrent_downloads = 8
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = ${text(PAUSE_IMAGE)}
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = ${text(join(folder, 'certs.d'))}

[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = [${text(dirname(binary('bridge')))}]
    conf_dir = ${text(join(folder, 'net.d'))}
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = ${text(binary('runc'))}
      SystemdCgroup = false
`;
}
