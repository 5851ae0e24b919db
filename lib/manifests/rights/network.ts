import type { ResolvedSpec } from '../../spec';
import { definitionRights } from './custom-resources';
import { READ, type Right, type Rights, SYNC } from './right';

const NETWORKING = 'networking.k8s.io';
const GATEWAY = 'gateway.networking.k8s.io';

/** What Ingresses, network policies and the Gateway API take, as far as they are switched on. */
export function networkRights({ sections: { sync, namespaces } }: ResolvedSpec): Rights {
  const { ingresses, networkPolicies, gatewayApi } = sync.toHost;
  const { ingressClasses, gatewayClasses } = sync.fromHost;
  const where = (on: boolean, right: Right): readonly Right[] => (on ? [right] : []);
  return {
    namespaced: [
      ...where(ingresses.enabled, { group: NETWORKING, resource: 'ingresses', verbs: SYNC }),
      ...where(networkPolicies.enabled, { group: NETWORKING, resource: 'networkpolicies', verbs: SYNC }),
      ...where(gatewayApi.gateways, { group: GATEWAY, resource: 'gateways', verbs: SYNC }),
      ...where(gatewayApi.httpRoutes, { group: GATEWAY, resource: 'httproutes', verbs: SYNC }),
      ...where(gatewayApi.grpcRoutes, { group: GATEWAY, resource: 'grpcroutes', verbs: SYNC }),
      ...where(gatewayApi.tlsRoutes, { group: GATEWAY, resource: 'tlsroutes', verbs: SYNC }),
      ...where(gatewayApi.backendTlsPolicies, { group: GATEWAY, resource: 'backendtlspolicies', verbs: SYNC }),
      // In one host namespace nothing needs a grant: what the tenant has granted is checked before anything is copied.
      ...where(gatewayApi.referenceGrants && namespaces.mode !== 'single', {
        group: GATEWAY,
        resource: 'referencegrants',
        verbs: SYNC,
      }),
    ],
    clusterWide: [
      ...definitionRights([
        ...Object.entries(gatewayApi).flatMap(([kind, on]) => (on ? [`${kind.toLowerCase()}.${GATEWAY}`] : [])),
        ...(gatewayClasses.enabled ? [`gatewayclasses.${GATEWAY}`] : []),
      ]),
      ...where(ingressClasses.enabled, { group: NETWORKING, resource: 'ingressclasses', verbs: READ }),
      ...where(gatewayClasses.enabled, { group: GATEWAY, resource: 'gatewayclasses', verbs: READ }),
    ],
  };
}
