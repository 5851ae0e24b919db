import type { Container } from 'kubernetes-types/core/v1';
import { FILES, PKI_FILES } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { canBeShared } from '../shared-store';
import { MOUNTS } from '../volumes';
import { commandLine } from './flags';
import { resourceRequirements } from './resources';
import { containerSecurity } from './security';

/** Its port for health and metrics. */
const PORT = 10_257;

/**
 * Controllers that manage real nodes and volumes. Here nodes are the syncer's and volumes the host's. All names are
 * known to every version that can be chosen: one that is not would end the process.
 */
const OFF = [
  'node-ipam-controller',
  'node-lifecycle-controller',
  'ttl-controller',
  'persistentvolume-binder-controller',
  'persistentvolume-attach-detach-controller',
  'persistentvolume-expander-controller',
];

/** The upstream controllers: what makes pods of Deployments, Jobs and the like. */
export function controllerManagerContainer(spec: ResolvedSpec): Container {
  return {
    name: 'kube-controller-manager',
    image: spec.images.controllerManager,
    imagePullPolicy: spec.images.pullPolicy,
    command: ['kube-controller-manager'],
    args: commandLine(fixedFlags(spec), DEFAULT_FLAGS, spec.controlPlane.controllerManager.extraArgs),
    ...probes(),
    resources: resourceRequirements(spec.controlPlane.controllerManager.resources),
    securityContext: containerSecurity(),
    volumeMounts: [MOUNTS.pki],
  };
}

/** The API server is in the same pod: there is no network to spare, and a large rollout should not wait. */
const DEFAULT_FLAGS = { 'kube-api-qps': '200', 'kube-api-burst': '400' };

function fixedFlags(spec: ResolvedSpec) {
  return {
    // No authentication-kubeconfig: with one it asks the API server at once, ends when that is not up yet, and then
    // waits out the kubelet's back-off. Without one it waits for the API server. Only /healthz is asked of it anyway.
    kubeconfig: FILES.controllerManagerKubeconfig,
    'secure-port': String(PORT),
    'root-ca-file': `${FILES.pkiDir}/${PKI_FILES.caCert}`,
    'cluster-signing-cert-file': `${FILES.pkiDir}/${PKI_FILES.caCert}`,
    'cluster-signing-key-file': `${FILES.pkiDir}/${PKI_FILES.caKey}`,
    'service-account-private-key-file': `${FILES.pkiDir}/${PKI_FILES.serviceAccountKey}`,
    'use-service-account-credentials': 'true',
    // With a store in the pod there is one replica, and a StatefulSet starts no second one while the first is there.
    'leader-elect': String(canBeShared(spec)),
    controllers: ['*', ...OFF.map((name) => `-${name}`)].join(','),
    profiling: 'false',
  };
}

function probes(): Pick<Container, 'startupProbe' | 'livenessProbe'> {
  const httpGet = { path: '/healthz', port: PORT, scheme: 'HTTPS' };
  return {
    startupProbe: { httpGet, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 90 },
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 },
  };
}
