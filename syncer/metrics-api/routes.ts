import { METRICS_API } from './types';

/** What can be asked of the metrics API. */
export type MetricsRoute =
  /** `/apis`, the group or the version: what there is. */
  | { readonly kind: 'discovery'; readonly level: 'groups' | 'group' | 'version' }
  | { readonly kind: 'pods'; readonly namespace: string | undefined }
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'nodes' }
  | { readonly kind: 'node'; readonly name: string };

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** The route of a path, undefined if it is none. A path is taken as it stands: nothing in it is decoded. */
export function matchMetricsRoute(path: string): MetricsRoute | undefined {
  const [root, group, version, ...rest] = path.replace(/\/$/, '').split('/').slice(1);
  if (root !== 'apis') return undefined;
  if (group === undefined) return { kind: 'discovery', level: 'groups' };
  if (group !== METRICS_API.group) return undefined;
  if (version === undefined) return { kind: 'discovery', level: 'group' };
  if (version !== METRICS_API.version) return undefined;
  if (rest.length === 0) return { kind: 'discovery', level: 'version' };
  return matchObjects(rest);
}

function matchObjects(segments: readonly string[]): MetricsRoute | undefined {
  const [first, second, third, fourth, ...more] = segments;
  if (more.length > 0) return undefined;
  if (first === 'nodes' && third === undefined) {
    if (second === undefined) return { kind: 'nodes' };
    return NAME.test(second) ? { kind: 'node', name: second } : undefined;
  }
  if (first === 'pods' && second === undefined) return { kind: 'pods', namespace: undefined };
  if (first !== 'namespaces' || second === undefined || third !== 'pods' || !NAME.test(second)) return undefined;
  if (fourth === undefined) return { kind: 'pods', namespace: second };
  return NAME.test(fourth) ? { kind: 'pod', namespace: second, name: fourth } : undefined;
}
