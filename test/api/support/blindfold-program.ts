import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request as ask, createServer } from 'node:https';
import { createInterface } from 'node:readline';
import type { BlindfoldOrder, BlindfoldReport, BlindfoldSettings } from './blindfold';

/** Runs in the sandbox: passes requests on to the host's API server, and keeps changes from watches while it is on. */
function main({ port, server, authority, cert, key }: BlindfoldSettings): void {
  let on = false;
  const agent = new Agent({ keepAlive: true, ca: authority });
  const proxy = createServer({ cert, key }, (request: IncomingMessage, response: ServerResponse) => {
    const { method, url = '/', headers } = request;
    const { host: _, ...passed } = headers;
    const onward = ask(new URL(url, server), { method, agent, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      if (new URL(url, server).searchParams.get('watch') !== 'true') {
        answer.pipe(response);
        return;
      }
      const lines = createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY });
      // Bookmarks pass: what the blind one believes to know is then up to date.
      lines.on('line', (line) => {
        const { type, object } = JSON.parse(line);
        if (!on || type === 'BOOKMARK') response.write(`${line}\n`);
        else process.send?.({ swallowed: `${type} ${object.kind} ${object.metadata.name}` } satisfies BlindfoldReport);
      });
      lines.on('error', () => response.destroy());
      lines.on('close', () => response.end());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  proxy.listen(port, '127.0.0.1', () => process.send?.({ done: true } satisfies BlindfoldReport));
  process.on('message', (order: BlindfoldOrder) => {
    on = order.on;
    process.send?.({ done: true } satisfies BlindfoldReport);
  });
}

process.once('message', (settings: BlindfoldSettings) => main(settings));
process.on('disconnect', () => process.exit());
