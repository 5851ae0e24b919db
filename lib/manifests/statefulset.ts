import type { StatefulSet, StatefulSetSpec } from 'kubernetes-types/apps/v1';
import type { PodSpec, PodTemplateSpec, Toleration } from 'kubernetes-types/core/v1';
import { clusterNames, controlPlaneLabels } from '../contract';
import type { ResolvedSpec } from '../spec';
import { kineContainer } from './containers/kine';
import { apiServerContainer } from './containers/kube-apiserver';
import { controllerManagerContainer } from './containers/kube-controller-manager';
import { schedulerContainers } from './containers/kube-scheduler';
import { podSecurity } from './containers/security';
import { initContainer, syncerContainer } from './containers/syncer';
import { metadata } from './metadata';
import type { Slot } from './slot';
import { podVolumes, volumeClaimTemplates } from './volumes';

/** The pod that serves the virtual cluster, and the volume of its store. */
export function statefulSetSlots(spec: ResolvedSpec): readonly Slot[] {
  const names = clusterNames(spec.name);
  const object = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(spec, names.controlPlane),
    spec: {
      replicas: 1,
      serviceName: names.headlessService,
      selector: { matchLabels: { ...controlPlaneLabels(spec.name) } },
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      ...claims(spec),
      template: podTemplate(spec),
    },
  } satisfies StatefulSet;
  return [{ slot: 'control-plane/statefulset', object }];
}

function claims(spec: ResolvedSpec): Partial<StatefulSetSpec> {
  const { persistence } = spec.store;
  if (persistence.kind === 'ephemeral') return {};
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
        kineContainer(spec),
        apiServerContainer(spec),
        syncerContainer(spec),
        controllerManagerContainer(spec),
        ...schedulerContainers(spec),
      ],
      volumes: podVolumes(spec),
      ...scheduling(spec),
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

function pullSecrets({ images }: ResolvedSpec): Partial<PodSpec> {
  return images.pullSecrets.length === 0 ? {} : { imagePullSecrets: images.pullSecrets.map((name) => ({ name })) };
}
