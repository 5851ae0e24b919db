import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';

/** A slow way to a host's API server: plain HTTP on the loopback, passed on as the host's administrator. */
export interface SlowApi extends AsyncDisposable {
  readonly server: string;
}

/** Opens one where each object that is really written takes `writeMs` longer. */
export async function startSlowApi(kubeconfig: string, writeMs: number): Promise<SlowApi> {
  const config = parse(await readFile(kubeconfig, 'utf8'));
  const data = (text: string): Buffer => Buffer.from(text, 'base64');
  const { server, ...cluster } = config.clusters[0].cluster;
  const { user } = config.users[0];
  const agent = new Agent({
    keepAlive: true,
    ca: data(cluster['certificate-authority-data']),
    cert: data(user['client-certificate-data']),
    key: data(user['client-key-data']),
  });
  const proxy = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    if (method === 'PATCH' && !url.includes('dryRun')) await delay(writeMs);
    const onward = httpsRequest(
      new URL(url, server),
      { method, agent, headers: { ...headers, host: '' } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  return {
    server: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((closed) => proxy.close(closed));
      agent.destroy();
    },
  };
}
