import type { Pod } from 'kubernetes-types/core/v1';
import { clusterNames } from '../../lib/contract';
import { podSecurityViolations } from '../../syncer/isolation/pod-security';
import { podSecurityOptions } from '../../syncer/pods/security';
import { describeObject, type KubeObject } from '../kube/types';
import { found } from './found';
import type { AuditCheck } from './types';

type HostPod = KubeObject & Pick<Pod, 'spec'>;

/** What holds for every pod of a tenant on the host. */
export const POD_CHECKS: readonly AuditCheck[] = [
  {
    id: 'pod-security',
    promise: "tenants' pods meet the Pod Security Standard of the declaration",
    check: ({ isolation, pods }) => {
      if (isolation === undefined) return { outcome: 'skipped', why: 'nothing declares isolation' };
      const options = podSecurityOptions(isolation);
      const problems = pods.flatMap((pod) =>
        podSecurityViolations(secured(pod), options).map(({ message }) => `${describeObject(pod)}: ${message}`),
      );
      return found('fail', problems, 'pods from before the declaration stay: delete them, and they come back refused');
    },
  },
  {
    id: 'pod-identity',
    promise: "tenants' pods have no identity on the host",
    check({ name, pods }) {
      const account = clusterNames(name).workloadServiceAccount;
      const problems = pods.flatMap((pod) => {
        const { serviceAccountName, automountServiceAccountToken } = pod.spec ?? {};
        return [
          ...(serviceAccountName === account ? [] : [`${describeObject(pod)}: runs as ${serviceAccountName}`]),
          ...(automountServiceAccountToken === false ? [] : [`${describeObject(pod)}: gets a token by itself`]),
          ...(hasHostToken(pod) ? [`${describeObject(pod)}: mounts a token of the host`] : []),
        ];
      });
      return found('fail', problems, 'the host changes pods on their way, as by a webhook: exempt tenants from that');
    },
  },
  {
    id: 'control-plane-secrets',
    promise: "tenants' pods do not see the keys of the control plane",
    check({ name, pods }) {
      const { certsSecret, kubeconfigSecret } = clusterNames(name);
      const problems = [certsSecret, kubeconfigSecret].flatMap((secret) =>
        pods
          .filter((pod) => JSON.stringify(pod.spec ?? {}).includes(`"${secret}"`))
          .map((pod) => `${describeObject(pod)}: names Secret ${secret}`),
      );
      return found('fail', problems, 'delete the pod, rotate the cluster’s keys, and report it');
    },
  },
];

function hasHostToken({ spec }: HostPod): boolean {
  const sources = (spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  return sources.some(({ serviceAccountToken }) => serviceAccountToken !== undefined);
}

function secured({ metadata = {}, spec }: HostPod) {
  const { annotations } = metadata;
  return { metadata: { ...(annotations && { annotations }) }, spec: spec ?? { containers: [] } };
}
