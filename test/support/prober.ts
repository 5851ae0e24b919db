import { spawn } from 'node:child_process';
import type { HostHandle } from '../../host';

/** What a prober saw. */
export interface ProbeResult {
  readonly answered: number;
  /** Why requests failed, and when, in milliseconds since the prober began. */
  readonly failed: readonly { readonly atMs: number; readonly why: string }[];
}

/** Asks an address of the host's network over and over, by a new connection each time, as new clients do. */
export interface Prober {
  /** Ends it. */
  stop(): Promise<ProbeResult>;
}

const EVERY_MS = 100;

const PROGRAM = `
const { get } = require('node:https');
const [url] = process.argv.slice(1);
const began = performance.now();
const result = { answered: 0, failed: [] };
const ask = () => {
  const atMs = Math.round(performance.now() - began);
  const fail = (error) => result.failed.push({ atMs, why: String(error.message ?? error) });
  const request = get(url, { agent: false, rejectUnauthorized: false, timeout: 5000 }, (response) => {
    response.resume();
    if (response.statusCode === 200) result.answered += 1;
    else fail('status ' + response.statusCode);
  });
  request.on('timeout', () => request.destroy(new Error('no answer')));
  request.on('error', fail);
};
setInterval(ask, ${EVERY_MS});
process.on('SIGTERM', () => process.stdout.write(JSON.stringify(result), () => process.exit()));
`;

/** Starts to ask. It ends with this process. */
export function startProber(host: Pick<HostHandle, 'networkNamespace'>, url: string): Prober {
  const inside = ['--pdeathsig', 'KILL', 'nsenter', `--net=/run/netns/${host.networkNamespace}`];
  const prober = spawn('setpriv', [...inside, process.execPath, '-e', PROGRAM, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  prober.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return {
    async stop() {
      const ended = new Promise((resolve) => prober.once('close', resolve));
      prober.kill('SIGTERM');
      await ended;
      return JSON.parse(text);
    },
  };
}
