import { ANNOTATIONS } from '../../lib/contract';
import { type HostMetadata, hostMetadata, hostNamespaceLabels } from '../engine/metadata';
import type { Translation } from '../engine/types';
import { governedLabels } from '../network/isolation/governed';
import { hostConstraints } from '../scheduling/host-constraints';
import { autoscalerAnnotations } from './autoscaler';
import { awaited, POD_CHECKS } from './checks';
import { hostPriorityClass, hostRuntimeClass } from './classes';
import { type CopiedSpec, copySpec } from './copy-spec';
import { hostDns } from './dns';
import { carriedAnnotations } from './downward-api';
import { containerEnv, linksLeftOut, serviceEnv } from './env';
import { hostNaming } from './hostname';
import { hostsHelper, hostsVolume, needsHostsFile, withHostsFile } from './hosts';
import { translatedImage } from './image-translation';
import { enforcedPlacement } from './placement-rules';
import { hostResourceClaims } from './resource-claims';
import { hostSchedulingGates } from './scheduling-gates';
import type { Container, Pod, PodContext, PodSpec, Refusal } from './types';
import { hostVolumes } from './volumes';

/**
 * The host's pod for a virtual one. It holds what the allow-list in `fields.ts` lets pass and what the translators
 * write, and nothing else. Its ephemeral containers are what {@link podChanges} compares with; a pod is created
 * without them, see {@link podToCreate}.
 */
export function toHostPod(v: Pod, ctx: PodContext): Translation<Pod> {
  const copied = copySpec(v, ctx);
  const refusal = copied.refusals[0] ?? checkRefusals(v, ctx).next().value;
  if (refusal !== undefined) return { kind: 'refused', reason: 'FieldNotAllowed', ...refusal };
  const reason = awaited(v, ctx);
  if (reason !== undefined) return { kind: 'wait', reason };
  const object: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: hostPodMetadata(v, copied, ctx),
    spec: hostSpec(v, copied.spec, ctx),
  };
  const warning = linksLeftOut(v, ctx);
  return {
    kind: 'object',
    object: needsHostsFile(v, ctx) ? withHelper(v, object, ctx) : object,
    ...(warning && { warnings: [warning] }),
  };
}

/** Everything for which {@link toHostPod} would refuse a pod; it names the first. */
export function podRefusals(v: Pod, ctx: PodContext): readonly Refusal[] {
  return [...copySpec(v, ctx).refusals, ...checkRefusals(v, ctx)];
}

/** What to create on the host for a translated pod: an API server takes ephemeral containers only afterwards. */
export function podToCreate(desired: Pod): Pod {
  const { ephemeralContainers: _, ...spec } = desired.spec;
  return { ...desired, spec };
}

function* checkRefusals(v: Pod, ctx: PodContext): Generator<Refusal, undefined> {
  for (const check of POD_CHECKS) {
    const refusal = check(v, ctx);
    if (refusal !== undefined) yield refusal;
  }
  return undefined;
}

function hostPodMetadata(v: Pod, { fieldPaths }: CopiedSpec, ctx: PodContext): HostMetadata {
  const { generation } = v.metadata;
  return hostMetadata(v, ctx, {
    kind: { apiVersion: 'v1', kind: 'Pod' },
    labels: { ...hostNamespaceLabels(ctx.namespaceLabels, ctx), ...governedLabels(v, ctx) },
    defaults: autoscalerAnnotations(v),
    annotations: {
      ...carriedAnnotations(v, fieldPaths),
      ...(generation !== undefined && { [ANNOTATIONS.generation]: String(generation) }),
    },
  });
}

function hostSpec(v: Pod, copied: PodSpec, ctx: PodContext): PodSpec {
  const { nodeSelector: _, ...others } = copied;
  const { containers, initContainers, ephemeralContainers, volumes } = copied;
  const services = serviceEnv(v, ctx);
  const { translateImages } = ctx.sections.sync.toHost.pods;
  const withServices = <C extends Container>(container: C): C => ({
    ...container,
    ...(container.image && { image: translatedImage(container.image, translateImages) }),
    env: containerEnv(container.env ?? [], services),
  });
  const schedulingGates = hostSchedulingGates(v);
  const constraints = hostConstraints(v, copied, ctx);
  return {
    ...others,
    containers: containers.map(withServices),
    ...(initContainers && { initContainers: initContainers.map(withServices) }),
    ...(ephemeralContainers && { ephemeralContainers: ephemeralContainers.map(withServices) }),
    ...(volumes && { volumes: hostVolumes(v, volumes, ctx) }),
    ...constraints,
    ...enforcedPlacement(constraints.nodeSelector, copied.tolerations, ctx),
    ...hostPriorityClass(v, ctx),
    ...hostRuntimeClass(v, ctx),
    ...hostResourceClaims(v, ctx),
    ...(schedulingGates && { schedulingGates }),
    ...hostDns(v, ctx),
    ...hostNaming(v, ctx),
    serviceAccountName: ctx.names.workloadServiceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
  };
}

function withHelper(v: Pod, pod: Pod, ctx: PodContext): Pod {
  const { containers, initContainers = [], volumes = [] } = pod.spec;
  const spec = {
    ...pod.spec,
    initContainers: [hostsHelper(v, ctx), ...initContainers.map(withHostsFile)],
    containers: containers.map(withHostsFile),
    volumes: [...volumes, hostsVolume()],
  };
  return { ...pod, spec };
}
