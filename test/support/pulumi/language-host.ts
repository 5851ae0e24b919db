import { spawn } from 'node:child_process';
import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { LanguageRuntimeService } from '@pulumi/pulumi/proto/language_grpc_pb';
import {
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  type RunPluginRequest,
  RunPluginResponse,
  type RunRequest,
  RunResponse,
} from '@pulumi/pulumi/proto/language_pb';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { unary } from './provider/wire';

/**
 * Runs programs and plugins of the runtime `nodejs` for the engine, as the host that comes with Pulumi does: by the
 * runners that are part of the SDK. That host cannot be built from a Go module. Standard output tells the engine the port.
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
  runPlugin,
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

/** Runs a plugin until the engine has no more use for it, and passes on what it prints. */
function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const program = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const args = [require.resolve('@pulumi/pulumi/cmd/run-plugin'), program, ...request.getArgsList()];
  const variables = request
    .getEnvList()
    .map((variable) => /^([^=]*)=(.*)$/s.exec(variable)?.slice(1) ?? [variable, '']);
  const child = spawn(process.execPath, args, {
    cwd: request.getPwd(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...Object.fromEntries(variables) },
  });
  child.stdout.on('data', (chunk: Buffer) => call.write(new RunPluginResponse().setStdout(chunk)));
  child.stderr.on('data', (chunk: Buffer) => call.write(new RunPluginResponse().setStderr(chunk)));
  child.on('error', (error) => call.destroy(error));
  child.on('close', (code) => {
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on('cancelled', () => child.kill());
}
