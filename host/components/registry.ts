import { join } from 'node:path';
import { stringify } from 'yaml';
import { NETWORK } from '../network/addresses';
import type { DaemonCommand } from '../process/daemon';
import { type HostContext, networked } from './context';

/** A registry inside of the namespace that answers every pull (`imagePullPolicy: Always`) with what was loaded. */
export function registry(context: HostContext): DaemonCommand {
  const config = join(context.paths.directory, 'registry.yaml');
  return {
    name: 'registry',
    files: {
      [config]: stringify({
        version: 0.1,
        log: { level: 'error', accesslog: { disabled: true } },
        storage: { filesystem: { rootdirectory: context.paths.registry } },
        http: { addr: NETWORK.registry },
      }),
    },
    argv: networked(context, 'registry', ['serve', config]),
    // Traces would be sent to a collector that is not there.
    environment: { OTEL_TRACES_EXPORTER: 'none' },
  };
}
