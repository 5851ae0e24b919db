import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ownExposition } from './exposition';
import { ownPodsOn } from './own-pods';
import { ownSummary } from './summary';
import type { HostApi, PodLookup, Refusal } from './types';

/** Which of a kubelet's measurements are asked for. */
export type Measurement = 'stats/summary' | 'metrics/resource' | 'metrics/cadvisor' | 'metrics/probes';

/** What measurements are taken from. */
export interface MeasurementParts {
  readonly pods: PodLookup;
  readonly host: HostApi;
  /** Whether a virtual node shows the host's, so that it is no secret what is measured of it as a whole. */
  showsNode(node: string): boolean;
}

/** Measuring all containers of a large node takes its kubelet a while, in milliseconds. */
const TIMEOUT_MS = 30_000;

/**
 * Answers with a host kubelet's measurements, less what is not this tenant's.
 * @throws ApiError when the host refuses, and other errors as {@link HostApi} does
 */
export async function answerMeasurement(
  { pods, host, showsNode }: MeasurementParts,
  what: Measurement,
  node: string | undefined,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  if (node === undefined) return { status: 404, message: 'it is not known which node is meant' };
  const own = ownPodsOn(node, pods);
  const answer = await host.stream(`/api/v1/nodes/${node}/proxy/${what}`, {
    headers: { accept: what === 'stats/summary' ? 'application/json' : 'text/plain;version=0.0.4' },
    signal,
    timeoutMs: TIMEOUT_MS,
  });
  const body = await text(answer);
  if (what !== 'stats/summary') {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(ownExposition(body, own, showsNode(node)));
    return undefined;
  }
  const summary = ownSummary(JSON.parse(body), own, showsNode(node));
  if (summary === undefined) return { status: 502, message: 'the node gave no summary' };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(summary));
  return undefined;
}
