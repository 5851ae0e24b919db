import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { SubletError } from '../../lib/contract';
import { ApiError } from '../kube/api-error';
import type { Logger } from '../observability/logger';
import { evidenceOf, refuseClient } from './identity';
import { streamLogs } from './logs';
import { answerMeasurement, type MeasurementParts } from './measurements';
import { listPods } from './pod-list';
import { commandQuery, logQuery, portForwardQuery, type Translated } from './query';
import { translateRefusal } from './refusal';
import { matchRoute, type Route } from './routes';
import { carryStreams, refuseUpgrade, type StreamClient } from './streams';
import type { HostApi, HostedPod, PodLookup, Refusal } from './types';

/** What requests are answered from. */
export interface AnswerParts {
  readonly pods: PodLookup;
  readonly host: HostApi;
  /** Tells about nodes, where measurements of the host's kubelets are passed on. @default - they are not */
  readonly measurements?: Pick<MeasurementParts, 'showsNode'>;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  /** Told of every answer: what was asked, and the HTTP status (101 for a stream that has ended). */
  readonly observe?: (verb: KubeletVerb, status: number) => void;
}

/** What is counted: the kind of a route, or `other` for what leads nowhere. */
export type KubeletVerb = Route['kind'] | 'other';

/** Answers a request that stays HTTP. Never rejects. */
export async function answerRequest(
  parts: AnswerParts,
  request: IncomingMessage,
  response: ServerResponse,
  node: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const plan = planAnswer(parts.pods, request);
  const refusal = await attempt(parts, plan, async (asked) => {
    const { route } = asked;
    switch (route.kind) {
      case 'health':
        response.writeHead(200, TEXT).end('ok');
        return undefined;
      case 'pods':
      case 'runningPods': {
        const list = listPods(parts.pods.list(node), route.kind === 'runningPods');
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
        return undefined;
      }
      case 'measurement':
        if (parts.measurements === undefined) return NOT_MEASURED;
        return answerMeasurement({ ...parts, ...parts.measurements }, route.what, node, response, signal);
      case 'logs':
        await streamLogs(parts.host, asked.hosted, asked.query, response, signal);
        return undefined;
      default:
        return { status: 400, message: 'Upgrade request required' };
    }
  });
  if (refusal !== undefined && !response.headersSent) {
    const stranger = refusal.status === 401 || refusal.status === 403;
    response
      .writeHead(refusal.status, { ...TEXT, ...(stranger && { connection: 'close' }) })
      .end(`${refusal.message}\n`);
  }
  parts.observe?.(plan.verb, response.statusCode);
}

/** Answers a request to upgrade, and carries the connection until it is closed. Never rejects. */
export async function answerUpgrade(
  parts: AnswerParts,
  request: IncomingMessage,
  client: StreamClient,
  signal: AbortSignal,
): Promise<void> {
  // Node has taken its own listener away with the upgrade: an error without one would end the process.
  client.socket.on('error', () => {});
  const plan = planAnswer(parts.pods, request);
  const refusal = await attempt(parts, plan, async ({ route, hosted, query }) => {
    if (route.kind !== 'exec' && route.kind !== 'attach' && route.kind !== 'portForward') {
      return { status: 400, message: 'this path does not upgrade' };
    }
    const method = request.method === 'GET' ? 'GET' : 'POST';
    const stream = { verb: route.kind, method, rawHeaders: request.rawHeaders, hosted, query } as const;
    await carryStreams(parts.host, stream, client, signal);
    return undefined;
  });
  if (refusal !== undefined) refuseUpgrade(client.socket, refusal);
  parts.observe?.(plan.verb, refusal?.status ?? 101);
}

const NOT_MEASURED: Refusal = {
  status: 501,
  message: 'measurements of kubelets are not served in this virtual cluster; metrics.k8s.io may be',
};

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };

/** What is to be done about a request. */
type Plan =
  | ({ readonly kind: 'perform'; readonly verb: KubeletVerb } & Asked)
  | ({ readonly kind: 'refuse'; readonly verb: KubeletVerb } & Refusal);

/** A request that may be served, with the host's names and the API's parameters where it is about a pod. */
interface Asked {
  readonly route: Route;
  readonly hosted: HostedPod;
  readonly query: string;
}

function planAnswer(pods: PodLookup, request: IncomingMessage): Plan {
  const { socket, method, url } = request;
  const stranger = refuseClient(
    socket instanceof TLSSocket ? evidenceOf(socket) : { verified: false, commonName: undefined },
  );
  if (stranger !== undefined) return { kind: 'refuse', verb: 'other', ...stranger };
  const match = matchRoute(method, url);
  if (match.kind === 'refused') return { kind: 'refuse', verb: 'other', status: match.status, message: match.message };
  const { route } = match;
  const verb = route.kind;
  if (!('pod' in route)) return { kind: 'perform', verb, route, hosted: NO_POD, query: '' };

  const translated = translateQuery(route, match.query);
  if (translated.kind === 'bad') return { kind: 'refuse', verb, status: 400, message: translated.message };
  const hosted = pods.find(route.namespace, route.pod, 'uid' in route ? route.uid : undefined);
  if (hosted === undefined) {
    return { kind: 'refuse', verb, status: 404, message: `pod "${route.pod}" does not exist` };
  }
  if ('container' in route && !hosted.containers.includes(route.container)) {
    const message = `container "${route.container}" not found in pod "${route.pod}"`;
    return { kind: 'refuse', verb, status: 404, message };
  }
  return { kind: 'perform', verb, route, hosted, query: translated.query };
}

const NO_POD: HostedPod = { hostName: '', hostNamespace: '', containers: [] };

function translateQuery(route: Extract<Route, { readonly pod: string }>, query: string): Translated {
  switch (route.kind) {
    case 'logs':
      return logQuery(query, route.container);
    case 'portForward':
      return portForwardQuery(query);
    default:
      return commandQuery(route.kind, query, route.container);
  }
}

/** Does what was asked, and says what the host refused, or why it could not be asked, as a kubelet would. */
async function attempt(
  { logger }: AnswerParts,
  plan: Plan,
  perform: (asked: Asked) => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  if (plan.kind === 'refuse') return plan;
  const { route, verb } = plan;
  const subject = 'pod' in route ? { kind: 'Pod', namespace: route.namespace, name: route.pod } : {};
  logger.debug({ ...subject, verb }, 'kubelet request');
  try {
    return await perform(plan);
  } catch (error) {
    if (error instanceof ApiError && 'pod' in route) {
      if (error.code === 'API_FORBIDDEN')
        logger.warn({ ...subject, verb, err: error }, 'a right is missing on the host');
      return translateRefusal(error, plan.hosted, { verb: route.kind, namespace: route.namespace, pod: route.pod });
    }
    const left = error instanceof SubletError && error.code === 'INTERRUPTED';
    if (!left) logger.warn({ ...subject, verb, err: error }, 'the host cluster did not answer');
    return { status: 502, message: 'the host cluster did not answer' };
  }
}
