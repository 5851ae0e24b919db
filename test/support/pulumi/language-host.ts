import { spawn } from 'node:child_process';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { LanguageRuntimeService } from '@pulumi/pulumi/proto/language_grpc_pb';
import {
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  type RunRequest,
  RunResponse,
} from '@pulumi/pulumi/proto/language_pb';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { unary } from './provider/wire';

/**
 * Runs programs of the runtime `nodejs` for the engine, as the host that comes with Pulumi does: by the runner that is
 * part of the SDK. That host cannot be built from a Go module. Standard output tells the engine the port.
 */
const BAIL = 32;
const engine = process.argv.at(-1) ?? '';

const server = new Server();
server.addService(LanguageRuntimeService, {
  handshake: unary(() => new LanguageHandshakeResponse()),
  getPluginInfo: unary(() => new PluginInfo().setVersion('3.0.0')),
  getRequiredPlugins: unary(() => new GetRequiredPluginsResponse()),
  getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
  run: unary(run),
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

async function run(request: RunRequest): Promise<RunResponse> {
  const info = request.getInfo();
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    'root-directory': info?.getRootDirectory(),
    stack: request.getStack(),
    parallel: request.getParallel(),
    pwd: request.getPwd(),
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  if (request.getDryrun()) args.push('--dry-run');
  const program = info?.getEntryPoint() ?? request.getProgram();
  const child = spawn(process.execPath, [require.resolve('@pulumi/pulumi/cmd/run'), ...args, program], {
    cwd: request.getPwd(),
    stdio: 'inherit',
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: 'true',
    },
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code === 0) return new RunResponse();
  return code === BAIL
    ? new RunResponse().setBail(true)
    : new RunResponse().setError(`the program ended with exit code ${code}`);
}
