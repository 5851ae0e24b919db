import type { HTTPGetAction, TCPSocketAction } from 'kubernetes-types/core/v1';
import { inContainers } from '../containers';
import type { Finder, Finding } from '../types';
import { notAllowed } from '../wording';

interface Handler {
  readonly httpGet?: HTTPGetAction;
  readonly tcpSocket?: TCPSocketAction;
}

/** Probes and lifecycle handlers are dialled from the node: another host than the pod is a request forged by the kubelet. */
export const hostProbes: Finder = (pod) =>
  inContainers(pod, (container, path) => [
    ...otherHost(container.livenessProbe, `${path}.livenessProbe`),
    ...otherHost(container.readinessProbe, `${path}.readinessProbe`),
    ...otherHost(container.startupProbe, `${path}.startupProbe`),
    ...otherHost(container.lifecycle?.postStart, `${path}.lifecycle.postStart`),
    ...otherHost(container.lifecycle?.preStop, `${path}.lifecycle.preStop`),
  ]);

function otherHost(handler: Handler | undefined, path: string): readonly Finding[] {
  return (['httpGet', 'tcpSocket'] as const).flatMap((action) => {
    const host = handler?.[action]?.host ?? '';
    return host === '' ? [] : [{ field: `${path}.${action}.host`, problem: notAllowed(host) }];
  });
}
