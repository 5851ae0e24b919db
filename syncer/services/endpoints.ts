import type { EndpointAddress, EndpointSubset } from 'kubernetes-types/core/v1';
import { LABELS } from '../../lib/contract';
import { isServedBySyncer } from '../dns/host-service';
import { mergePatch } from '../engine/diff';
import { hostMetadata } from '../engine/metadata';
import { ownership } from '../engine/ownership';
import { pick } from '../engine/pick';
import type { Change, ClusterContext, Translation } from '../engine/types';
import { type IsOwnPod, refusedEndpoint } from './isolated-address';
import { hostTargetRef } from './target-ref';
import { isSpecial } from './translate';
import type { Endpoints, Service } from './types';

/** On Endpoints: host and virtual cluster alike make no slices of them. It has to keep its name to be understood. */
const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror';

/**
 * Whether the endpoints of a virtual Service are copied to the host: those that a tenant keeps by hand, because the
 * Service has no selector. All others are found by the host itself.
 */
export function translatedFor(service: Service, ctx: ClusterContext): boolean {
  const { selector = {}, type } = service.spec ?? {};
  return (
    !isSpecial(service) &&
    !isServedBySyncer(service, ctx) &&
    type !== 'ExternalName' &&
    Object.keys(selector).length === 0
  );
}

/** The host Endpoints of virtual ones; `service` is the virtual Service of the same name. */
export function toHostEndpoints(
  v: Endpoints,
  service: Service | undefined,
  ctx: ClusterContext,
  isOwnPod: IsOwnPod = () => false,
): Translation<Endpoints> {
  if (service === undefined) return { kind: 'wait', reason: 'its Service does not exist' };
  if (!translatedFor(service, ctx))
    return { kind: 'skip', reason: 'the host finds the endpoints of this Service itself' };
  const refused = refusedAddress(v, ctx, isOwnPod);
  if (refused !== undefined) return refused;
  const skipsMirror = v.metadata.labels?.[SKIP_MIRROR];
  return {
    kind: 'object',
    object: {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: hostMetadata(v, ctx, {
        kind: { apiVersion: 'v1', kind: 'Endpoints' },
        ...(skipsMirror !== undefined && { labels: { [SKIP_MIRROR]: skipsMirror } }),
      }),
      subsets: (v.subsets ?? []).map((subset) => hostSubset(subset, v.metadata.namespace ?? '', ctx)),
    },
  };
}

/** The writes that bring host Endpoints to what is desired. */
export function endpointsChanges(desired: Endpoints, current: Endpoints): readonly Change[] {
  const patch = mergePatch(desired, current, [{ path: 'subsets', hostAssigned: [] }]);
  const label = desired.metadata.labels?.[SKIP_MIRROR];
  const stale = label === undefined && current.metadata.labels?.[SKIP_MIRROR] !== undefined;
  const unlabel = { metadata: { labels: { [SKIP_MIRROR]: null } } };
  return [
    ...(patch === undefined ? [] : [{ kind: 'patch', patch } as const]),
    ...(stale ? [{ kind: 'patch', patch: unlabel } as const] : []),
  ];
}

/**
 * Whether Endpoints were made by the host's own controller for a Service of ours, when that still had a selector. They
 * carry the Service's labels but are owned by nobody, and stand where ours belong: they may be deleted.
 */
export function isLeftByController(host: Endpoints, hostService: Service | undefined, ctx: ClusterContext): boolean {
  const { name, labels = {}, annotations = {}, ownerReferences = [] } = host.metadata;
  return (
    hostService !== undefined &&
    hostService.metadata.name === name &&
    ownership(hostService, ctx).kind === 'ours' &&
    labels[LABELS.managedBy] === ctx.cluster &&
    ownerReferences.length === 0 &&
    Object.keys(annotations).every((key) => key === 'endpoints.kubernetes.io/last-change-trigger-time')
  );
}

function hostSubset(subset: EndpointSubset, namespace: string, ctx: ClusterContext): EndpointSubset {
  const translate = (address: EndpointAddress): EndpointAddress => {
    const targetRef = hostTargetRef(address.targetRef, namespace, ctx);
    return { ip: address.ip, ...pick(address, ['hostname', 'nodeName']), ...(targetRef && { targetRef }) };
  };
  const { addresses, notReadyAddresses } = subset;
  return {
    ...(addresses && { addresses: addresses.map(translate) }),
    ...(notReadyAddresses && { notReadyAddresses: notReadyAddresses.map(translate) }),
    ...pick(subset, ['ports']),
  };
}

function refusedAddress(v: Endpoints, ctx: ClusterContext, isOwnPod: IsOwnPod): Translation<Endpoints> | undefined {
  for (const [index, subset] of (v.subsets ?? []).entries()) {
    for (const list of ['addresses', 'notReadyAddresses'] as const) {
      for (const [position, { ip }] of (subset[list] ?? []).entries()) {
        const what = refusedEndpoint(ip, ctx, isOwnPod);
        if (what === undefined) continue;
        const field = `subsets[${index}].${list}[${position}].ip`;
        return { kind: 'refused', reason: 'AddressForbidden', field, message: `${field}: ${ip} is ${what}` };
      }
    }
  }
  return undefined;
}
