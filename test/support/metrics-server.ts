import { binaryPath } from '../../host/binaries/cache';
import { ensureBinaries } from '../../host/binaries/ensure';
import { TOOLS } from '../../host/binaries/tools';
import { stepReporter } from '../../host/steps';

/** Path of a metrics-server binary, built the first time that one is asked for. */
export async function metricsServerBinary(): Promise<string> {
  await ensureBinaries([TOOLS.metricsServer], stepReporter(undefined));
  return binaryPath(TOOLS.metricsServer, 'metrics-server');
}
