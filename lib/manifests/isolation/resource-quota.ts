import type { ResourceQuota } from 'kubernetes-types/core/v1';
import { clusterNames, formatQuantity, parseQuantity } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { metadata } from '../metadata';
import type { Slot } from '../slot';
import { controlPlaneShare } from './control-plane-share';

/**
 * The quota as the host's API server enforces it beside the syncer, with room for the control plane, whose pod shares
 * the namespace. Left out of it: `services`, `secrets`, `configmaps` and `count/…`, of which the syncer itself has as many
 * as there are nodes and pods; what the control plane's own containers don't name, as its pod would be refused; all of
 * it where the namespace is not this cluster's alone.
 */
export function resourceQuotaSlots(spec: ResolvedSpec): readonly Slot[] {
  const { isolation } = spec.sections;
  if (isolation.level === 'off' || !spec.createNamespace) return [];
  const hard = Object.entries(isolation.quota.hard).flatMap(([resource, text]) => {
    const [allowed, own] = [parseQuantity(text), controlPlaneShare(spec, resource)];
    return allowed === undefined || own === undefined ? [] : [[resource, formatQuantity(allowed + own, text)]];
  });
  if (hard.length === 0) return [];
  const object = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metadata(spec, clusterNames(spec.name).controlPlane),
    spec: { hard: Object.fromEntries(hard) },
  } satisfies ResourceQuota;
  return [{ slot: 'isolation/resource-quota', object }];
}
