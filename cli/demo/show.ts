import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { LABELS, SubletError } from '../../lib/contract';
import type { AccessTarget } from '../cluster/access';
import type { Api } from '../kube/api';
import { execInPod } from '../kube/exec';
import { listObjects, pathFor } from '../kube/objects';
import { RESOURCES } from '../kube/types';
import type { Session } from '../session';
import { dialPod } from '../tunnel/forward';
import { startForwarder } from '../tunnel/forwarder';
import { pairUp, podTable, serviceTable, type Viewed } from './views';
import { DEMO_FILE, DEMO_NAME, DEMO_NAMESPACE, DEMO_PORT } from './workload';

const ANSWER_TIMEOUT_MS = 30_000;

const answerSchema = z.object({ responses: z.array(z.string()).default([]), errors: z.array(z.string()).default([]) });

/** What a pod of the demo was answered when it asked another. */
type Dialed = z.infer<typeof answerSchema>;

/** Prints what a virtual cluster holds beside what the host holds for it: pods, then Services. */
export async function showViews(session: Session, target: AccessTarget, inside: Api): Promise<void> {
  const { signal } = session;
  const query = { namespace: target.namespace, labelSelector: `${LABELS.managedBy}=${target.name}` };
  for (const [resource, table] of [
    [RESOURCES.pods, podTable],
    [RESOURCES.services, serviceTable],
  ] as const) {
    const virtual = await listObjects<Viewed>(inside, resource, {}, { signal });
    const host = await listObjects<Viewed>(session.api(), resource, query, { signal });
    // The Service of the API itself stands for the control plane and is synced by nobody.
    const shown = virtual.filter(({ metadata }) => metadata?.namespace !== 'default' || metadata.name !== 'kubernetes');
    session.out(`${indent(table(pairUp(shown, host)))}\n\n`);
  }
}

/** Prints the last lines that a pod logged. */
export async function showLogs(session: Session, inside: Api, pod: string): Promise<void> {
  const path = pathFor(RESOURCES.pods, DEMO_NAMESPACE, pod, 'log');
  const { body } = await inside.request({ path, query: { tailLines: '3' }, signal: session.signal });
  transcript(session, `kubectl logs ${pod} --tail=3`, typeof body === 'string' ? body : JSON.stringify(body));
}

/** Runs a program in a pod that reads the file which the ConfigMap became, and prints what it said. */
export async function showExec(session: Session, inside: Api, pod: string): Promise<void> {
  const command = ['/agnhost', 'mounttest', `--file_content=${DEMO_FILE}`];
  const target = { namespace: DEMO_NAMESPACE, pod, container: DEMO_NAME };
  const { stdout, stderr, exitCode } = await execInPod(inside, target, command, session.signal);
  const said = exitCode === 0 ? stdout : `${stdout}${stderr}exit code ${exitCode}`;
  transcript(session, `kubectl exec ${pod} -- ${command.join(' ')}`, said);
}

/** Lets one pod ask the Service by its name, some times over, and prints which pods answered. */
export async function showRequest(session: Session, inside: Api, pod: string): Promise<void> {
  const forwarder = await startForwarder({
    dial: (signal) => dialPod(inside, DEMO_NAMESPACE, pod, DEMO_PORT, signal),
    onError: (text) => session.progress.detail(`port-forward: ${text}`),
  });
  try {
    const { responses, errors } = await dialUntilAnswered(forwarder.port, session.signal);
    const command = `http://${DEMO_NAME}/hostname, six times from inside ${pod}`;
    transcript(session, command, [...responses.map((name) => `answered by ${name}`), ...errors].join('\n'));
    if (responses.length > 0) return;
    throw new SubletError('NOT_READY', `no answer through the Service ${DEMO_NAME}: ${errors.join('; ')}`);
  } finally {
    await forwarder.close();
  }
}

/** Names and addresses of a new Service take a moment to reach every pod, so it asks again for a while. */
async function dialUntilAnswered(port: number, signal: AbortSignal): Promise<Dialed> {
  const url = `http://127.0.0.1:${port}/dial?host=${DEMO_NAME}&port=80&protocol=http&request=hostname&tries=6`;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  let last: Dialed = { responses: [], errors: ['it was not asked'] };
  while (!deadline.aborted) {
    last = await dial(url, deadline).catch((error) => ({ responses: [], errors: [String(error)] }));
    if (last.responses.length > 0) break;
    await sleep(500, undefined, { signal: deadline }).catch(() => {});
  }
  return last;
}

async function dial(url: string, signal: AbortSignal): Promise<Dialed> {
  const response = await fetch(url, { signal });
  const text = await response.text();
  return response.ok ? answerSchema.parse(JSON.parse(text)) : { responses: [], errors: [text.trim()] };
}

function transcript(session: Session, command: string, said: string): void {
  const { bold, dim } = session.outStyle;
  session.out(`${indent(`${dim('$')} ${bold(command)}\n${said.trim()}`)}\n\n`);
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}
