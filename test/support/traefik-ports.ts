import { type ChildProcess, spawn } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { kubectlDirectory } from '../../host';
import { eventually } from './eventually';
import { TRAEFIK_PORTS } from './traefik';

/** What came back. */
export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Traefik's ports, as they are on this machine. */
export interface Forward {
  /** The port for TLS. */
  readonly securePort: number;
  get(host: string, path: string): Promise<Answer>;
  getByTls(host: string, path: string, ca: string): Promise<Answer>;
  stop(): void;
}

/** Forwards ports of this machine to Traefik. */
export async function forwardTo(kubeconfig: string, namespace: string): Promise<Forward> {
  const { web, secure } = TRAEFIK_PORTS;
  const args = [
    `--kubeconfig=${kubeconfig}`,
    'port-forward',
    '-n',
    namespace,
    'deployment/traefik',
    `:${web}`,
    `:${secure}`,
  ];
  const child: ChildProcess = spawn(join(kubectlDirectory(), 'kubectl'), [...args, '--address=127.0.0.1']);
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const portOf = (remote: number) =>
    eventually(() => new RegExp(`127\\.0\\.0\\.1:(\\d+) -> ${remote}`).exec(said)?.[1], { what: 'the forwarded port' });
  const [webPort, securePort] = [Number(await portOf(web)), Number(await portOf(secure))];
  const common = { host: '127.0.0.1', agent: false } as const;
  return {
    securePort,
    get: (host, path) => answer(httpRequest({ ...common, port: webPort, path, headers: { host } })),
    getByTls: (host, path, ca) =>
      answer(httpsRequest({ ...common, port: securePort, path, headers: { host }, servername: host, ca })),
    stop: () => void child.kill('SIGKILL'),
  };
}

function answer(request: ReturnType<typeof httpRequest>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.setTimeout(10_000, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    request.end();
  });
}
