import { type Declaration, type DeclarationSource, toHost } from '../engine/declaration';
import { shownClass } from '../engine/shown-class';
import { RESOURCES } from '../kube/resources';
import { claimWakers, hostnameClaimant } from './claims/kinds';
import { gatewayKinds } from './gateway/kinds';
import { type Ingress, ingressChanges, ingressReferences, ingressToVirtual, toHostIngress } from './ingress';
import { DEFAULT_CLASS, type TrafficClass } from './ingress-class';
import { type NetworkPolicy, networkPolicyChanges, toHostNetworkPolicy } from './network-policy';

/** The kinds about traffic. */
export const NETWORK_KINDS: readonly (Declaration | DeclarationSource)[] = [
  toHost<Ingress, Ingress>({
    resource: RESOURCES.ingresses,
    enabled: ({ sections }) => sections.sync.toHost.ingresses.enabled,
    dependsOn: (context) => [
      ...claimWakers(context),
      ...(context.sections.sync.fromHost.ingressClasses.enabled
        ? [{ side: 'foreign', resource: RESOURCES.ingressClasses } as const]
        : []),
    ],
    kind(context, sides) {
      const classes = context.sections.sync.fromHost.ingressClasses.enabled
        ? sides.foreign<TrafficClass>(RESOURCES.ingressClasses)
        : undefined;
      const surroundings = {
        ingressClasses: () => [...(classes?.cache.list() ?? [])],
        ...hostnameClaimant(context, sides),
      };
      return {
        resource: RESOURCES.ingresses,
        trigger: 'always',
        references: (virtual) => ingressReferences(virtual, context),
        translate: (virtual) => toHostIngress(virtual, context, surroundings),
        changes: ingressChanges,
        back: ingressToVirtual,
      };
    },
  }),
  toHost<NetworkPolicy, NetworkPolicy>({
    resource: RESOURCES.networkPolicies,
    enabled: ({ sections }) => sections.sync.toHost.networkPolicies.enabled,
    // Whether a policy means DNS depends on the labels of kube-system.
    dependsOn: ({ config }) =>
      config.dns.mode === 'embedded' ? [{ side: 'virtual', resource: RESOURCES.namespaces }] : [],
    kind: (context) => ({
      resource: RESOURCES.networkPolicies,
      trigger: 'always',
      translate: (virtual) => toHostNetworkPolicy(virtual, context),
      changes: networkPolicyChanges,
    }),
  }),
  shownClass<TrafficClass>({
    resource: RESOURCES.ingressClasses,
    settings: ({ sections }) => sections.sync.fromHost.ingressClasses,
    // Its parameters are an object of the host.
    content: ({ spec }) => ({ spec: { controller: spec?.controller ?? '' } }),
    owned: ['spec.controller'],
    immutable: ['spec'],
    annotations: [DEFAULT_CLASS],
  }),
  shownClass<TrafficClass>({
    resource: RESOURCES.gatewayClasses,
    settings: ({ sections }) => sections.sync.fromHost.gatewayClasses,
    content: ({ spec, status }) => ({
      spec: {
        controllerName: spec?.controllerName ?? '',
        ...(spec?.description === undefined ? {} : { description: spec.description }),
      },
      ...(status === undefined ? {} : { status }),
    }),
    owned: ['spec.controllerName', 'spec.description'],
    ownedStatus: ['status.conditions', 'status.supportedFeatures'],
    optional: true,
    crds: ['gatewayclasses.gateway.networking.k8s.io'],
  }),
  gatewayKinds,
];
