import { type Declaration, toHost } from '../engine/declaration';
import { ownership } from '../engine/ownership';
import { shownClass } from '../engine/shown-class';
import { splitKey } from '../engine/side';
import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import type { Json, KubeObject } from '../kube/types';
import type { Pod } from '../pods/types';
import { budgetChanges, type PodDisruptionBudget, toHostBudget } from './pod-disruption-budget';
import { isSystemPriorityClass, type PriorityClass, priorityClassChanges, toHostPriorityClass } from './priority-class';
import {
  type ClaimSurroundings,
  claimChanges,
  claimToVirtual,
  type DeviceClass,
  type ResourceClaim,
  toHostClaim,
} from './resource-claim';
import { type ServiceAccount, serviceAccountChanges, toHostServiceAccount } from './service-account';

interface RuntimeClass extends KubeObject {
  readonly handler: string;
  readonly overhead?: Json;
}

/** Kinds that pods need besides volumes and configuration. */
export const WORKLOAD_KINDS: readonly Declaration[] = [
  toHost<PodDisruptionBudget, PodDisruptionBudget>({
    resource: RESOURCES.podDisruptionBudgets,
    enabled: ({ sections }) => sections.sync.toHost.podDisruptionBudgets.enabled,
    kind: (context) => ({
      resource: RESOURCES.podDisruptionBudgets,
      trigger: 'always',
      translate: (virtual) => toHostBudget(virtual, context),
      changes: budgetChanges,
    }),
  }),
  toHost<PriorityClass, PriorityClass>({
    resource: RESOURCES.priorityClasses,
    enabled: ({ sections }) => sections.sync.toHost.priorityClasses.enabled,
    kind: (context) => ({
      resource: RESOURCES.priorityClasses,
      trigger: 'always',
      translate: (virtual) => toHostPriorityClass(virtual, context),
      changes: priorityClassChanges,
    }),
  }),
  toHost<ServiceAccount, ServiceAccount>({
    resource: RESOURCES.serviceAccounts,
    enabled: ({ sections }) => sections.sync.toHost.serviceAccounts.enabled,
    kind: (context) => ({
      resource: RESOURCES.serviceAccounts,
      trigger: 'always',
      translate: (virtual) => toHostServiceAccount(virtual, context),
      changes: serviceAccountChanges,
    }),
  }),
  toHost<ResourceClaim, ResourceClaim>({
    resource: RESOURCES.resourceClaims,
    enabled: ({ sections }) => sections.sync.toHost.resourceClaims.enabled,
    // The version came with Kubernetes 1.34.
    virtualCache: { optional: true },
    hostCache: { optional: true },
    kind(context, sides) {
      const surroundings = claimSurroundings(context, sides);
      return {
        resource: RESOURCES.resourceClaims,
        trigger: 'always',
        translate: (virtual) => toHostClaim(virtual, context, surroundings),
        changes: claimChanges,
        back: (host, virtual) => claimToVirtual(host, virtual, surroundings),
      };
    },
  }),
  shownClass<RuntimeClass>({
    resource: RESOURCES.runtimeClasses,
    settings: ({ sections }) => sections.sync.fromHost.runtimeClasses,
    // Where pods of a class may run is the host's business: its scheduler sees to it.
    content: ({ handler, overhead }) => ({ handler, ...(overhead === undefined ? {} : { overhead }) }),
    owned: ['handler', 'overhead'],
    immutable: ['handler'],
  }),
  shownClass<PriorityClass>({
    resource: RESOURCES.priorityClasses,
    settings: ({ sections }) => sections.sync.fromHost.priorityClasses,
    excludes: ({ metadata }) => isSystemPriorityClass(metadata.name ?? ''),
    content: ({ value, globalDefault, description, preemptionPolicy = 'PreemptLowerPriority' }) => ({
      value,
      preemptionPolicy,
      ...(globalDefault && { globalDefault }),
      ...(description && { description }),
    }),
    owned: ['value', 'globalDefault', 'description', 'preemptionPolicy'],
    immutable: ['value', 'preemptionPolicy'],
  }),
  shownClass<DeviceClass>({
    resource: RESOURCES.deviceClasses,
    settings: ({ sections }) => sections.sync.fromHost.deviceClasses,
    content: ({ spec }) => (spec === undefined ? {} : { spec }),
    owned: ['spec'],
    optional: true,
  }),
];

function claimSurroundings(context: ClusterContext, sides: SideRegistry): ClaimSurroundings {
  const classes = context.sections.sync.fromHost.deviceClasses.enabled
    ? sides.foreign<DeviceClass>(RESOURCES.deviceClasses, { optional: true })
    : undefined;
  const pods = { virtual: sides.virtual<Pod>(RESOURCES.pods), host: sides.host<Pod>(RESOURCES.pods) };
  return {
    deviceClass: (name) => classes?.get(name),
    virtualPod(hostNamespace, hostName) {
      const host = pods.host.get(`${hostNamespace}/${hostName}`);
      const owner = host === undefined ? undefined : ownership(host, context);
      if (owner?.kind !== 'ours' || owner.uid === undefined) return undefined;
      return { name: splitKey(owner.key).name, uid: owner.uid };
    },
  };
}
