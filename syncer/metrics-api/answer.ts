import { DISCOVERY } from './discovery';
import type { HostMetrics } from './host-metrics';
import { type Measured, measureNodes, measurePods } from './measure';
import { type MetricsRoute, matchMetricsRoute } from './routes';
import { parseFieldSelector, parseLabelSelector, type Selects } from './selectors';
import { METRICS_API } from './types';

/** An answer of the metrics API: a status and a JSON document. */
export interface MetricsAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * Answers one GET of the metrics API.
 * @throws whatever the host's API throws
 */
export async function answerMetrics(target: string, measured: Measured, host: HostMetrics): Promise<MetricsAnswer> {
  const [path = '', query = ''] = target.split('?');
  const route = matchMetricsRoute(path);
  if (route === undefined) return failure(404, 'NotFound', 'the server could not find the requested resource');
  if (route.kind === 'discovery') return { status: 200, body: DISCOVERY[route.level] };
  const parameters = new URLSearchParams(query);
  if (parameters.get('watch') === 'true' || parameters.get('watch') === '1') {
    return failure(405, 'MethodNotAllowed', 'measurements can not be watched');
  }
  const byLabels = parseLabelSelector(parameters.get('labelSelector') ?? '');
  const byFields = parseFieldSelector(parameters.get('fieldSelector') ?? '');
  if (byLabels === undefined || byFields === undefined) return failure(400, 'BadRequest', 'the selector is not valid');
  return answerRoute(route, (object) => byLabels(object) && byFields(object), measured, host);
}

async function answerRoute(
  route: Exclude<MetricsRoute, { readonly kind: 'discovery' }>,
  selects: Selects,
  measured: Measured,
  host: HostMetrics,
): Promise<MetricsAnswer> {
  switch (route.kind) {
    case 'pods': {
      const items = await measurePods(measured.pods(route.namespace).filter(selects), measured, host);
      return list('PodMetrics', items);
    }
    case 'pod': {
      const pods = measured.pods(route.namespace).filter(({ metadata }) => metadata.name === route.name);
      const [found] = await measurePods(pods, measured, host);
      return single('PodMetrics', 'pods', `${route.namespace}/${route.name}`, found);
    }
    case 'nodes':
      return list('NodeMetrics', await measureNodes(measured.nodes().filter(selects), measured, host));
    case 'node': {
      const nodes = measured.nodes().filter(({ metadata }) => metadata.name === route.name);
      const [found] = await measureNodes(nodes, measured, host);
      return single('NodeMetrics', 'nodes', route.name, found);
    }
  }
}

const API_VERSION = `${METRICS_API.group}/${METRICS_API.version}`;

function list(kind: string, items: readonly object[]): MetricsAnswer {
  return { status: 200, body: { kind: `${kind}List`, apiVersion: API_VERSION, metadata: {}, items } };
}

function single(kind: string, plural: string, name: string, found: object | undefined): MetricsAnswer {
  if (found === undefined) return failure(404, 'NotFound', `${plural}.${METRICS_API.group} "${name}" not found`);
  return { status: 200, body: { kind, apiVersion: API_VERSION, ...found } };
}

/** A `Status` by which an API server explains a refusal. */
export function failure(code: number, reason: string, message: string): MetricsAnswer {
  return {
    status: code,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
  };
}
