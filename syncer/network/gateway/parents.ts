import { pick } from '../../engine/pick';
import { hostNamespaceOf, hostPlace } from '../../engine/placement';
import type { ClusterContext, Warning } from '../../engine/types';
import { takesRoutesFrom } from './allowed-namespaces';
import type { GatewaySurroundings } from './surroundings';
import { GATEWAY_GROUP, type Gateway, type ParentRef, type Route } from './types';

/** One parent of a host route, with that of the virtual route from which it came. */
export interface Attachment {
  readonly host: ParentRef;
  readonly virtual: ParentRef;
}

/** The parents that a route may have on the host, and what is said about the others. */
export interface Attachments {
  readonly attachments: readonly Attachment[];
  readonly warnings: readonly Warning[];
}

/** One spelling of a parent, whatever defaults are left out. `home` is the host namespace of the route. */
export function parentKey(ref: ParentRef, home: string): string {
  const { group = GATEWAY_GROUP, kind = 'Gateway', namespace = home, name, sectionName = '', port = '' } = ref;
  return [group, kind, namespace, name, sectionName, port].join('/');
}

/**
 * The parents of a route on the host. Where only some of the listeners that a parent means take routes of this namespace,
 * these are named one by one. A parent that does not exist (yet) is left out.
 */
export function attachments(v: Route, ctx: ClusterContext, surroundings: GatewaySurroundings): Attachments {
  const own = v.metadata.namespace ?? '';
  const warnings: Warning[] = [];
  const found = (v.spec?.parentRefs ?? []).flatMap((ref, index): readonly Attachment[] => {
    const field = `spec.parentRefs[${index}]`;
    const { group = GATEWAY_GROUP, kind = 'Gateway', namespace = own } = ref;
    if (group === '' && kind === 'Service' && namespace === own) return [attachment(ref, own, own, ctx)];
    if (group !== GATEWAY_GROUP || kind !== 'Gateway') {
      const message = `${field}: only a Gateway, or a Service of the same namespace, can be a parent.`;
      warnings.push({ reason: 'UnsupportedReference', message });
      return [];
    }
    const gateway = surroundings.gateway(namespace, ref.name);
    if (gateway === undefined) return [];
    const meant = listenersOf(gateway, ref);
    const open = meant.filter(({ allowedRoutes }) =>
      takesRoutesFrom(allowedRoutes, namespace, own, labelsOf(own, ctx)),
    );
    if (open.length === meant.length) return [attachment(ref, namespace, own, ctx)];
    if (open.length > 0) {
      return open.map(({ name }) => ({
        ...attachment({ ...ref, sectionName: name }, namespace, own, ctx),
        virtual: ref,
      }));
    }
    const message = `${field}: no listener of Gateway ${namespace}/${ref.name} takes routes of namespace ${own}.`;
    warnings.push({ reason: 'NotAllowedByListeners', message });
    return [];
  });
  return { attachments: found, warnings };
}

function labelsOf(namespace: string, ctx: ClusterContext) {
  return ctx.labelsOfNamespace?.(namespace) ?? {};
}

function listenersOf({ spec }: Gateway, { sectionName, port }: ParentRef) {
  return (spec?.listeners ?? []).filter(
    (one) => (sectionName === undefined || one.name === sectionName) && (port === undefined || one.port === port),
  );
}

function attachment(ref: ParentRef, namespace: string, own: string, ctx: ClusterContext): Attachment {
  const place = hostPlace(ref.name, namespace, ctx, ref.kind ?? 'Gateway');
  const home = hostNamespaceOf(own, ctx);
  return {
    virtual: ref,
    host: {
      ...pick(ref, ['group', 'kind', 'sectionName', 'port']),
      name: place.name,
      ...(place.namespace !== undefined && place.namespace !== home && { namespace: place.namespace }),
    },
  };
}
