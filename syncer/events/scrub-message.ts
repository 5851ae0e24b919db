import { hostNameOf } from '../engine/placement';
import { type Replacements, scrub } from '../engine/scrub';
import type { ClusterContext } from '../engine/types';

/** What a host event's text may name, beyond the object that it is about. */
export interface Mentions {
  /** Names of virtual objects in the same namespace, to which the involved one refers: ConfigMaps, Secrets, claims. */
  readonly names: readonly string[];
  /** UIDs of host objects, each with the virtual object's. */
  readonly uids: Replacements;
}

/**
 * Turns a host component's text into one for the tenant: translated names become the virtual ones again, the host
 * namespace the virtual one, UIDs the virtual UIDs. Names that were not given are recognised by their form.
 */
export function scrubMessage(text: string, namespace: string, mentions: Mentions, ctx: ClusterContext): string {
  const known = mentions.names.map((name) => [hostNameOf(name, namespace, ctx), name] as const);
  return scrubNamespace(scrubByForm(scrub(text, [...known, ...mentions.uids]), namespace, ctx), namespace, ctx);
}

/**
 * `<name>-x-<namespace>-x-<cluster>`: of the own namespace first, where the name may contain `-x-` itself. Word by word
 * and without backtracking, as a tenant can have long texts quoted (the output of a probe).
 */
function scrubByForm(text: string, namespace: string, ctx: ClusterContext): string {
  const ending = `-x-${ctx.cluster}`;
  return text.replace(/[a-z0-9][a-z0-9.-]*/g, (word) => {
    const end = word.indexOf(ending);
    const rest = word.slice(end + ending.length);
    if (end < 0 || /^[a-z0-9-]/.test(rest)) return word;
    const start = word.slice(0, end);
    const ours = `-x-${namespace}`;
    const cut = start.endsWith(ours) ? start.length - ours.length : start.lastIndexOf('-x-');
    return cut > 0 ? start.slice(0, cut) + rest : word;
  });
}

/**
 * Only where a namespace is meant, since it may be named like an ordinary word: in `ns/name`, `name_ns(uid)`,
 * `"ns"/"name"`, `name.ns.svc`, `namespace ns` and quoted.
 */
function scrubNamespace(text: string, namespace: string, ctx: ClusterContext): string {
  const meant = new RegExp(
    `(?<![a-z0-9.-])${ctx.hostNamespace}(?=["']?/|[(_])|(?<=["'])${ctx.hostNamespace}(?=["'])|` +
      `(?<=\\bnamespaces? ["']?)${ctx.hostNamespace}(?![a-z0-9-])|(?<=\\.)${ctx.hostNamespace}(?=\\.svc)`,
    'gi',
  );
  return text.replace(meant, namespace);
}
