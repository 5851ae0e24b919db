import { isDeepStrictEqual } from 'node:util';
import { type Difference, differences, elementName, memberPath } from '../../lib/manifests/plan/differences';
import { hostLabelKeyOf } from '../../syncer/engine/label-keys';
import type { ClusterContext } from '../../syncer/engine/types';
import type { KubeObject } from '../../syncer/kube/types';
import { kindOf } from './kind-of';
import { reasonOf } from './reasons';
import type { Explanation, FieldOnTheWay } from './types';

/** What became of the fields of an object. */
export type Changes = Pick<Explanation, 'rewritten' | 'dropped' | 'added'>;

/**
 * How the host's object differs from the tenant's, each field with its reason.
 * @param template where in the given object the tenant's stands, for paths
 */
export function changesOnTheWay(
  virtual: KubeObject,
  host: KubeObject,
  context: ClusterContext,
  template: string | undefined,
): Changes {
  const all = differences(content(host), content(virtual), 'all').flatMap(memberByMember);
  const found = withRenamedKeys(all, context);
  const about = { kind: kindOf(virtual), namespace: virtual.metadata.namespace };
  const fields = found.map(({ path, ...sides }): FieldOnTheWay => {
    const reason = reasonOf({ ...about, path, ...sides }, context);
    return { path: template ? `${template}.${path}` : path, ...sides, ...reason };
  });
  return {
    rewritten: fields.filter(({ from, to }) => from !== undefined && to !== undefined),
    dropped: fields.filter(({ to }) => to === undefined),
    added: fields.filter(({ from }) => from === undefined),
  };
}

/** An object without what API servers write themselves. */
function content({ apiVersion, kind, metadata, ...object }: KubeObject): object {
  const { uid, resourceVersion, generation, creationTimestamp, ...others } = metadata;
  const fields = Object.entries(object).filter(([field]) => field !== 'status');
  return { ...Object.fromEntries(fields), metadata: others };
}

/** A map of keys, or a list of named elements, that comes or goes as a whole is told member by member. */
function memberByMember(one: Difference): readonly Difference[] {
  const { path, from, to } = one;
  const whole = from ?? to;
  if ((from !== undefined && to !== undefined) || typeof whole !== 'object' || whole === null) return [one];
  const side = (value: unknown) => (from === undefined ? { to: value } : { from: value });
  if (Array.isArray(whole)) {
    const names = whole.map(elementName);
    if (names.includes(undefined)) return [one];
    return whole.map((element, index) => ({ path: `${path}[${names[index]}]`, ...side(element) }));
  }
  if (!MAPS.test(path)) return [one];
  return Object.entries(whole).map(([key, value]) => ({ path: memberPath(path, key), ...side(value) }));
}

const MAPS = /\.(labels|annotations|selector|matchLabels|nodeSelector)$/;

/** A key that goes and its translation that comes with the same value are one thing: the key is rewritten. */
function withRenamedKeys(found: readonly Difference[], context: ClusterContext): readonly Difference[] {
  const coming = new Map(found.filter(({ from }) => from === undefined).map((one) => [one.path, one]));
  const taken = new Set<string>();
  const renamed = found.map((one): Difference => {
    if (one.to !== undefined) return one;
    const { parent, key } = lastMember(one.path);
    const hostKey = hostLabelKeyOf(key, context);
    const successor = coming.get(memberPath(parent, hostKey));
    if (successor === undefined || !isDeepStrictEqual(successor.to, one.from)) return one;
    taken.add(successor.path);
    return { path: one.path, from: key, to: hostKey };
  });
  return renamed.filter((one) => one.from !== undefined || !taken.has(one.path));
}

function lastMember(path: string): { readonly parent: string; readonly key: string } {
  const quoted = /^(.*)\["((?:[^"\\]|\\.)*)"\]$/.exec(path);
  if (quoted !== null) return { parent: quoted[1] ?? '', key: quoted[2] ?? '' };
  const dot = path.lastIndexOf('.');
  return { parent: path.slice(0, Math.max(0, dot)), key: path.slice(dot + 1) };
}
