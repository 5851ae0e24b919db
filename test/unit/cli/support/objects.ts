import type { KubeObject } from '../../../../cli/kube/types';
import { controlPlaneLabels } from '../../../../lib/contract';

/** A namespace. */
export function namespace(name: string, annotations: { readonly [key: string]: string } = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } };
}

/** A Service of a virtual cluster, as the generator labels it. */
export function service(name: string, inNamespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: inNamespace, labels: controlPlaneLabels(name) },
  };
}

/** The StatefulSet of a virtual cluster, with what tells it from vCluster's. */
export function statefulSet(name: string, inNamespace: string, extra: object = {}): KubeObject {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: inNamespace, labels: controlPlaneLabels(name), generation: 1 },
    spec: {
      replicas: 1,
      template: {
        spec: {
          containers: [
            { name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.37.2' },
            { name: 'syncer', env: [{ name: 'SUBLET_CLUSTER', value: name }] },
          ],
        },
      },
    },
    ...extra,
  };
  return object;
}

/** The status of a StatefulSet that is ready. */
export const READY = { status: { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1 } };
