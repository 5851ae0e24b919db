import { Controller } from '../engine/controller';
import type { Declaration } from '../engine/declaration';
import { isImported } from '../engine/import-syncer';
import type { CacheShape, SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import { type CacheChange, type KubeObject, keyOf, type Resource } from '../kube/types';
import { type Companion, CompanionSyncer } from './companion';

/** The index of host claims by the name of what they are bound to. */
export const BY_BOUND = 'bound';

/** How a kind is shown that belongs to claims. */
export interface CompanionDeclaration<C extends KubeObject, V extends KubeObject> {
  readonly enabled: (context: ClusterContext) => boolean;
  readonly claimResource: Resource;
  /** Has the index {@link BY_BOUND}. */
  readonly hostCache: CacheShape<C>;
  readonly optional?: boolean;
  readonly crds?: readonly string[];
  readonly kind: (context: ClusterContext, sides: SideRegistry) => Companion<C, V>;
  readonly resource: Resource;
}

/** Declares a cluster-scoped kind of which the virtual cluster shows one object for each bound claim. */
export function companionOf<C extends KubeObject, V extends KubeObject>(of: CompanionDeclaration<C, V>): Declaration {
  const name = `${of.resource.plural}-of-claims`;
  const optional = of.optional ?? false;
  return {
    name,
    enabled: of.enabled,
    ...(of.crds === undefined ? {} : { crds: of.crds }),
    open(sides, context) {
      const shown = sides.virtual<V>(of.resource, { optional });
      const claims = {
        virtual: sides.virtual<C>(of.claimResource, { optional }),
        host: sides.host<C>(of.claimResource, of.hostCache),
      };
      const kind = of.kind(context, sides);
      return {
        watched: [],
        wire({ recorder, report }) {
          const claimsBoundTo = (bound: string) => claims.host.cache.byIndex(BY_BOUND, bound);
          const syncer = new CompanionSyncer<C, V>({ kind, context, shown, claims, claimsBoundTo, recorder });
          const controller = new Controller({
            name,
            report,
            workers: 4,
            reconcile: (key, signal) => syncer.reconcile(key, signal),
          });
          claims.host.cache.subscribe((change) => {
            for (const claim of bothOf(change)) {
              const bound = kind.boundTo(claim);
              if (bound !== undefined) controller.enqueue(bound);
            }
          });
          shown.cache.subscribe((change) => {
            const object = change.kind === 'deleted' ? change.previous : change.object;
            if (isImported(object)) controller.enqueue(keyOf(object));
          });
          return {
            controller,
            *keys() {
              for (const object of shown.cache.list()) if (isImported(object)) yield keyOf(object);
              for (const claim of claims.host.cache.list()) {
                const bound = kind.boundTo(claim);
                if (bound !== undefined && shown.cache.get(bound) === undefined) yield bound;
              }
            },
            async reconcileNow(key, signal) {
              await syncer.reconcile(key, signal);
            },
          };
        },
      };
    },
  };
}

function bothOf<C extends KubeObject>(change: CacheChange<C>): readonly C[] {
  if (change.kind === 'deleted') return [change.previous];
  return change.kind === 'added' ? [change.object] : [change.object, change.previous];
}
