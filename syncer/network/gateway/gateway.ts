import { mergePatch, subsetEqual } from '../../engine/diff';
import { hostMetadata } from '../../engine/metadata';
import { pick } from '../../engine/pick';
import { hostNameOf, hostNamespaceOf } from '../../engine/placement';
import { isSelected } from '../../engine/selected';
import type { Change, ClusterContext, Reference, Translation, Warning } from '../../engine/types';
import { denial, isolationOf, quoted } from '../../isolation/rules';
import { RESOURCES } from '../../kube/resources';
import { checkHostnames } from '../hostnames';
import { hostnamesOfGateway } from '../hostnames-of';
import { hostAllowedNamespaces } from './allowed-namespaces';
import { toVirtualConditions } from './conditions';
import { HostRefs } from './host-refs';
import type { GatewaySurroundings } from './surroundings';
import { GATEWAY_GROUP, type Gateway, type Listener } from './types';

const KIND = { apiVersion: `${GATEWAY_GROUP}/v1`, kind: 'Gateway' } as const;

const COPIED: readonly string[] = ['gatewayClassName', 'listeners'];

/**
 * The host's Gateway for a virtual one. Only its listeners cross: an address could be somebody else's, and what concerns
 * the infrastructure (annotations of load balancers, parameters) is the host's business.
 */
export function toHostGateway(
  v: Gateway,
  ctx: ClusterContext,
  surroundings: GatewaySurroundings,
): Translation<Gateway> {
  const gatewayClassName = v.spec?.gatewayClassName ?? '';
  if (!mayUse(gatewayClassName, ctx, surroundings)) {
    const field = 'spec.gatewayClassName';
    const why = `the class ${quoted(gatewayClassName)} can't be used here`;
    const message = ctx.sections.sync.fromHost.gatewayClasses.enabled
      ? `${field}: ${why}: name one that \`kubectl get gatewayclasses\` shows.`
      : denial('classes.gateway', field, why);
    return { kind: 'refused', reason: 'FieldNotAllowed', field, message };
  }
  const check = checkHostnames(hostnamesOfGateway(v), ctx, surroundings.claimant);
  if (check.kind !== 'fine') return check;
  const namespace = v.metadata.namespace ?? '';
  const refs = refsOf(v, ctx, surroundings);
  const listeners = (v.spec?.listeners ?? []).map((listener, index) => ({
    ...pick(listener, ['name', 'hostname', 'port', 'protocol']),
    name: listener.name,
    port: listener.port,
    protocol: listener.protocol,
    ...(listener.tls && { tls: hostTls(listener.tls, refs, `spec.listeners[${index}].tls`) }),
    allowedRoutes: {
      ...pick(listener.allowedRoutes, ['kinds']),
      namespaces: hostAllowedNamespaces(listener.allowedRoutes, namespace, ctx, surroundings),
    },
  }));
  return {
    kind: 'object',
    object: { ...KIND, metadata: hostMetadata(v, ctx, { kind: KIND }), spec: { gatewayClassName, listeners } },
    warnings: [...refs.denials, ...leftOut(v)],
  };
}

/** The Secrets with certificates that a Gateway names. */
export function gatewayReferences(v: Gateway): readonly Reference[] {
  return (v.spec?.listeners ?? []).flatMap(({ tls }) =>
    (tls?.certificateRefs ?? [])
      .filter(({ group = '', kind = 'Secret' }) => group === '' && kind === 'Secret')
      .map(({ name, namespace }) => ({
        resource: RESOURCES.secrets,
        name,
        optional: true,
        ...(namespace !== undefined && { namespace }),
      })),
  );
}

/** The writes that bring the host's Gateway to what is desired. */
export function gatewayChanges(desired: Gateway, current: Gateway): readonly Change[] {
  const patch = mergePatch(desired, current, [
    'spec.gatewayClassName',
    // Defaults of the API.
    { path: 'spec.listeners', hostAssigned: ['group', 'kind', 'mode'] },
  ]);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** The writes that bring what the host's controller says about a Gateway to the virtual one. */
export function gatewayToVirtual(
  host: Gateway,
  virtual: Gateway,
  ctx: ClusterContext,
  surroundings: GatewaySurroundings,
): readonly Change[] {
  const refs = refsOf(virtual, ctx, surroundings);
  for (const [index, { tls }] of (virtual.spec?.listeners ?? []).entries()) {
    if (tls) hostTls(tls, refs, `spec.listeners[${index}].tls`);
  }
  const { name = '', namespace = '' } = virtual.metadata;
  const names = [
    ...refs.names,
    [hostNameOf(name, namespace, ctx, 'Gateway'), name] as const,
    [hostNamespaceOf(namespace, ctx), namespace] as const,
  ];
  const parts = { host, virtual, names, denials: refs.denials };
  const { addresses, conditions, listeners } = host.status ?? {};
  // Before a controller has looked at it, the host shows what the API puts there, as the virtual one does.
  if (addresses === undefined && listeners === undefined && conditions === undefined) return [];
  const desired = {
    addresses: addresses ?? [],
    conditions: toVirtualConditions(conditions, parts),
    listeners: (listeners ?? []).map((listener) => ({
      ...pick(listener, ['supportedKinds', 'attachedRoutes']),
      name: listener.name,
      conditions: toVirtualConditions(listener.conditions, { ...parts, denials: [] }),
    })),
  };
  const { addresses: shown = [], conditions: said = [], listeners: known = [] } = virtual.status ?? {};
  const current = { addresses: shown, conditions: said, listeners: known };
  if (subsetEqual(desired, current) && subsetEqual(current, desired)) return [];
  return [{ kind: 'patch', subresource: 'status', patch: { status: desired } }];
}

function refsOf(v: Gateway, ctx: ClusterContext, surroundings: GatewaySurroundings): HostRefs {
  return new HostRefs(
    { group: GATEWAY_GROUP, kind: 'Gateway', namespace: v.metadata.namespace ?? '' },
    ctx,
    surroundings,
  );
}

function hostTls(tls: NonNullable<Listener['tls']>, refs: HostRefs, field: string): NonNullable<Listener['tls']> {
  return {
    ...pick(tls, ['mode']),
    ...(tls.certificateRefs && {
      certificateRefs: tls.certificateRefs.map((ref, index) =>
        refs.core(ref, 'Secret', `${field}.certificateRefs[${index}]`),
      ),
    }),
  };
}

function mayUse(name: string, ctx: ClusterContext, { gatewayClass }: GatewaySurroundings): boolean {
  const { enabled, selector } = ctx.sections.sync.fromHost.gatewayClasses;
  const offer = isolationOf(ctx)?.classes.gateway;
  if (offer?.allowed.includes(name)) return true;
  if (!enabled) return offer === undefined;
  const found = gatewayClass(name);
  return found !== undefined && isSelected(found, selector);
}

const LISTENER_TLS: readonly string[] = ['mode', 'certificateRefs'];

function leftOut({ spec = { gatewayClassName: '' } }: Gateway): readonly Warning[] {
  const fields = [
    ...Object.keys(spec)
      .filter((key) => !COPIED.includes(key))
      .map((key) => `spec.${key}`),
    ...(spec.listeners ?? []).flatMap(({ tls = {} }, index) =>
      Object.keys(tls)
        .filter((key) => !LISTENER_TLS.includes(key))
        .map((key) => `spec.listeners[${index}].tls.${key}`),
    ),
  ];
  return fields.map((field) => ({
    reason: 'FieldNotCopied',
    message: `${field}: it stays behind, as it is for the host's administrators to decide.`,
  }));
}
