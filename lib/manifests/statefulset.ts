import type { StatefulSet, StatefulSetSpec } from 'kubernetes-types/apps/v1';
import type { PodSpec, PodTemplateSpec, Toleration } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { clusterNames, controlPlaneLabels } from '../contract';
import type { ResolvedSpec } from '../spec';
import { kineContainers } from './containers/kine';
import { apiServerContainer } from './containers/kube-apiserver';
import { controllerManagerContainer } from './containers/kube-controller-manager';
import { schedulerContainers } from './containers/kube-scheduler';
import { podSecurity } from './containers/security';
import { initContainer, syncerContainer } from './containers/syncer';
import { metadata } from './metadata';
import { canBeShared } from './shared-store';
import type { Slot } from './slot';
import { podVolumes, volumeClaimTemplates } from './volumes';

/** The pods that serve the virtual cluster, the volume of its store, and how many of several may be away at once. */
export function statefulSetSlots(spec: ResolvedSpec): readonly Slot[] {
  const names = clusterNames(spec.name);
  const object = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(spec, names.controlPlane),
    spec: {
      replicas: spec.controlPlane.replicas,
      serviceName: names.headlessService,
      selector: { matchLabels: { ...controlPlaneLabels(spec.name) } },
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      ...claims(spec),
      template: podTemplate(spec),
    },
  } satisfies StatefulSet;
  return [
    { slot: 'control-plane/statefulset', object },
    ...(canBeShared(spec) ? [{ slot: 'control-plane/disruption-budget', object: disruptionBudget(spec) }] : []),
  ];
}

/** A drain of nodes takes one pod after the other. A single pod goes too: a drain must not wait for ever. */
function disruptionBudget(spec: ResolvedSpec) {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(spec, clusterNames(spec.name).controlPlane),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: { ...controlPlaneLabels(spec.name) } },
      // A pod that is not ready serves nobody: it must not keep its node from being drained.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  } satisfies PodDisruptionBudget & { spec: { unhealthyPodEvictionPolicy: string } };
}

function claims(spec: ResolvedSpec): Partial<StatefulSetSpec> {
  if (spec.store.kind !== 'sqlite' || spec.store.persistence.kind === 'ephemeral') return {};
  const { persistence } = spec.store;
  return {
    volumeClaimTemplates: volumeClaimTemplates(spec),
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: persistence.whenDeleted === 'retain' ? 'Retain' : 'Delete',
      whenScaled: 'Retain',
    },
  };
}

/** The control-plane pod. */
export function podTemplate(spec: ResolvedSpec): PodTemplateSpec {
  return {
    metadata: {
      labels: { ...controlPlaneLabels(spec.name) },
      annotations: { 'kubectl.kubernetes.io/default-container': 'syncer', ...spec.controlPlane.podAnnotations },
    },
    spec: {
      serviceAccountName: clusterNames(spec.name).serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 20,
      securityContext: podSecurity(spec),
      initContainers: [initContainer(spec)],
      // A kubelet starts them in this order, one right after the other.
      containers: [
        ...kineContainers(spec),
        apiServerContainer(spec),
        syncerContainer(spec),
        controllerManagerContainer(spec),
        ...schedulerContainers(spec),
      ],
      volumes: podVolumes(spec),
      ...scheduling(spec),
      ...spread(spec),
      ...pullSecrets(spec),
    },
  };
}

function scheduling({ controlPlane }: ResolvedSpec): Partial<PodSpec> {
  const { nodeSelector, tolerations, priorityClass } = controlPlane;
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations.length === 0 ? {} : { tolerations: tolerations.map((one): Toleration => ({ ...one })) }),
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
  };
}

/** Pods that share a store go to nodes and zones of their own, where there are as many. */
function spread(spec: ResolvedSpec): Partial<PodSpec> {
  if (!canBeShared(spec)) return {};
  return {
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { ...controlPlaneLabels(spec.name) } },
    })),
  };
}

function pullSecrets({ images }: ResolvedSpec): Partial<PodSpec> {
  return images.pullSecrets.length === 0 ? {} : { imagePullSecrets: images.pullSecrets.map((name) => ({ name })) };
}
