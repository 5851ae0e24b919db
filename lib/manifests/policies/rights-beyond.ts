import type { Right, Rights } from '../rights';

/** What some rights allow that others do not. */
export function rightsBeyond(all: Required<Rights>, known: Required<Rights>): Required<Rights> {
  return {
    namespaced: beyond(all.namespaced, known.namespaced),
    clusterWide: beyond(all.clusterWide, known.clusterWide),
    inNamespaces: Object.fromEntries(
      Object.entries(all.inNamespaces).map(([namespace, rights]) => [
        namespace,
        beyond(rights, known.inNamespaces[namespace] ?? []),
      ]),
    ),
  };
}

function beyond(all: readonly Right[], known: readonly Right[]): readonly Right[] {
  return all.flatMap((right) => {
    const same = known.find((other) => idOf(other) === idOf(right));
    const verbs = right.verbs.filter((verb) => same?.verbs.includes(verb) !== true);
    return verbs.length === 0 ? [] : [{ ...right, verbs }];
  });
}

const idOf = ({ group, resource, names }: Right): string => JSON.stringify([group, resource, names]);
