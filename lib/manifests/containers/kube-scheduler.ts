import type { Container } from 'kubernetes-types/core/v1';
import { FILES } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { canBeShared } from '../shared-store';
import { MOUNTS } from '../volumes';
import { commandLine } from './flags';
import { resourceRequirements } from './resources';
import { containerSecurity } from './security';

/** Its port for health and metrics. */
const PORT = 10_259;

/** The upstream scheduler, where the virtual cluster places its pods itself. */
export function schedulerContainers(spec: ResolvedSpec): readonly Container[] {
  const { scheduler, images } = spec;
  if (scheduler.kind === 'none') return [];
  return [
    {
      name: 'kube-scheduler',
      image: images.scheduler,
      imagePullPolicy: images.pullPolicy,
      command: ['kube-scheduler'],
      args: commandLine(fixedFlags(spec), DEFAULT_FLAGS, scheduler.extraArgs),
      ...probes(),
      resources: resourceRequirements(scheduler.resources),
      securityContext: containerSecurity(),
      volumeMounts: [MOUNTS.pki],
    },
  ];
}

/** The API server is in the same pod: there is no network to spare, and a large rollout should not wait. */
const DEFAULT_FLAGS = { 'kube-api-qps': '200', 'kube-api-burst': '400' };

function fixedFlags(spec: ResolvedSpec) {
  return {
    // No authentication-kubeconfig, for the reason that the controller manager has none.
    kubeconfig: FILES.schedulerKubeconfig,
    'secure-port': String(PORT),
    // With a store in the pod there is one replica, and a StatefulSet starts no second one while the first is there.
    'leader-elect': String(canBeShared(spec)),
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
