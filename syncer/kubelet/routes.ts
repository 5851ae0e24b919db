import type { Measurement } from './measurements';
import type { Refusal } from './types';

/** A subject of the kubelet API, with names that are checked to be names. */
export type Route =
  | { readonly kind: 'logs'; readonly namespace: string; readonly pod: string; readonly container: string }
  | {
      readonly kind: 'exec' | 'attach';
      readonly namespace: string;
      readonly pod: string;
      readonly uid: string | undefined;
      readonly container: string;
    }
  | { readonly kind: 'portForward'; readonly namespace: string; readonly pod: string; readonly uid: string | undefined }
  | { readonly kind: 'pods' }
  | { readonly kind: 'measurement'; readonly what: Measurement }
  | { readonly kind: 'runningPods' }
  | { readonly kind: 'health' };

/** What a request line leads to. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly query: string }
  | ({ readonly kind: 'refused' } & Refusal);

/**
 * Finds the route of a request. The table is closed, and a path is taken as it stands: whatever would need normalising
 * (`//`, `..`, percent-encoding, an absolute URL) leads nowhere, so that no two readers can disagree about it.
 */
export function matchRoute(method: string | undefined, target: string | undefined): Match {
  const [path = '', ...rest] = (target ?? '').split('?');
  const query = rest.join('?');
  const segments = PLAIN_PATH.test(path) ? path.slice(1).split('/') : [];
  if (segments.at(-1) === '') segments.pop();
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return NOWHERE;

  const [root = '', ...names] = segments;
  const found = TABLE.get(root);
  if (found === undefined) return NOWHERE;
  if ('status' in found) return { kind: 'refused', ...found };
  const route = found.read(names);
  if (route === undefined) return NOWHERE;
  if (method === undefined || !found.methods.includes(method)) {
    return { kind: 'refused', status: 405, message: 'Method Not Allowed' };
  }
  return { kind: 'route', route, query };
}

const NOWHERE: Match = { kind: 'refused', status: 404, message: '404 page not found' };

/** Paths that are the same before and after any normalisation. */
const PLAIN_PATH = /^\/[A-Za-z0-9._/-]+$/;
const LABEL = /^(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const UID = /^[A-Za-z0-9-]{1,128}$/;

interface Entry {
  readonly methods: readonly string[];
  /** The route, or `undefined` if the rest of the path isn't one's. */
  readonly read: (names: readonly string[]) => Route | undefined;
}

const READ_ONLY = ['GET'];
const STREAMING = ['GET', 'POST'];

const MEASUREMENTS: ReadonlySet<string> = new Set<Measurement>([
  'stats/summary',
  'metrics/resource',
  'metrics/cadvisor',
  'metrics/probes',
]);

const TABLE: ReadonlyMap<string, Entry | Refusal> = new Map<string, Entry | Refusal>([
  ['containerLogs', { methods: READ_ONLY, read: readLogs }],
  ['exec', { methods: STREAMING, read: (names) => readCommand('exec', names) }],
  ['attach', { methods: STREAMING, read: (names) => readCommand('attach', names) }],
  ['portForward', { methods: STREAMING, read: readPortForward }],
  ['pods', { methods: READ_ONLY, read: alone({ kind: 'pods' }) }],
  ['runningpods', { methods: READ_ONLY, read: alone({ kind: 'runningPods' }) }],
  ['healthz', { methods: READ_ONLY, read: alone({ kind: 'health' }) }],
  ['run', { status: 403, message: 'run is not served here; use exec' }],
  ['stats', { methods: READ_ONLY, read: readMeasurement('stats') }],
  ['metrics', { methods: READ_ONLY, read: readMeasurement('metrics') }],
]);

/** Others than these are about the kubelet itself, and the host's is nobody's business here. */
function readMeasurement(root: string): (names: readonly string[]) => Route | undefined {
  return (names) => {
    const what = [root, ...names].join('/');
    return isMeasurement(what) ? { kind: 'measurement', what } : undefined;
  };
}

function isMeasurement(what: string): what is Measurement {
  return MEASUREMENTS.has(what);
}

function alone(route: Route): (names: readonly string[]) => Route | undefined {
  return (names) => (names.length === 0 ? route : undefined);
}

function readLogs(names: readonly string[]): Route | undefined {
  const [namespace = '', pod = '', container = '', ...more] = names;
  if (more.length > 0 || !isPod(namespace, pod) || !LABEL.test(container)) return undefined;
  return { kind: 'logs', namespace, pod, container };
}

function readCommand(kind: 'exec' | 'attach', names: readonly string[]): Route | undefined {
  const [namespace = '', pod = '', ...rest] = names;
  const [container = '', uid, ...more] = [...rest].reverse();
  if (more.length > 0 || !isPod(namespace, pod) || !LABEL.test(container) || !isUid(uid)) return undefined;
  return { kind, namespace, pod, uid, container };
}

function readPortForward(names: readonly string[]): Route | undefined {
  const [namespace = '', pod = '', uid, ...more] = names;
  if (more.length > 0 || !isPod(namespace, pod) || !isUid(uid)) return undefined;
  return { kind: 'portForward', namespace, pod, uid };
}

function isPod(namespace: string, name: string): boolean {
  return LABEL.test(namespace) && SUBDOMAIN.test(name);
}

function isUid(uid: string | undefined): boolean {
  return uid === undefined || UID.test(uid);
}
