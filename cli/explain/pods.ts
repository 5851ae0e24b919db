import { tokenSecretName } from '../../lib/contract';
import { openCertificateKinds } from '../../syncer/app/certificate-kinds';
import { NoRoom, QUOTA_EXCEEDED } from '../../syncer/engine/host-gate';
import type { SideRegistry } from '../../syncer/engine/side-registry';
import type { ClusterContext, Translation } from '../../syncer/engine/types';
import { limitedPod } from '../../syncer/isolation/quota/container-limits';
import { openQuota } from '../../syncer/isolation/quota/open';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';
import { certificateWishes } from '../../syncer/pods/certificates/wishes';
import { BY_NAMESPACE, type PodSurroundings, podContext } from '../../syncer/pods/context';
import { hostClasses } from '../../syncer/pods/host-classes';
import { POD_SECURITY, securityRefusals } from '../../syncer/pods/security';
import { podRefusals, podToCreate, toHostPod } from '../../syncer/pods/to-host-pod';
import { emptyTokenSecret } from '../../syncer/pods/token-secret';
import { tokenSources } from '../../syncer/pods/tokens';
import { podTranslation } from '../../syncer/pods/translation';
import { usesTrustBundles } from '../../syncer/pods/trust-bundles';
import type { Pod, Refusal } from '../../syncer/pods/types';
import type { Service } from '../../syncer/services/types';
import { placeholder } from './cluster-context';

/** How pods are translated, with everything for which one is refused. */
export interface PodTranslator {
  translate(pod: Pod): Translation<Pod>;
  refusals(pod: Pod): readonly (Refusal & { readonly reason: string })[];
  /** What the host gets for a pod besides. */
  companions(pod: Pod): readonly KubeObject[];
}

/** The translation of pods as the syncer has it, with caches that hold what is known. */
export function podTranslator(context: ClusterContext, sides: SideRegistry): PodTranslator {
  const byNamespace = { [BY_NAMESPACE]: ({ metadata }: Service) => [metadata.namespace ?? ''] };
  const surroundings: PodSurroundings = {
    context,
    apiServiceIp: placeholder(`ClusterIP of Service ${context.cluster}`),
    services: sides.virtual<Service>(RESOURCES.services, { indexers: byNamespace }).cache,
    namespaces: sides.virtual(RESOURCES.namespaces).cache,
    nodes: sides.virtual(RESOURCES.nodes).cache,
    trustBundles: openCertificateKinds(sides, context).trustBundles,
    hostClasses: hostClasses(sides, context),
  };
  const contextFor = (pod: Pod) => podContext(pod, surroundings);
  return {
    translate(pod) {
      const translation = fitting(
        limitedPod(podTranslation(pod, contextFor(pod)), context.sections.isolation),
        context,
      );
      return translation.kind === 'object' ? { ...translation, object: podToCreate(translation.object) } : translation;
    },
    refusals(pod) {
      const ctx = contextFor(pod);
      const translated = toHostPod(pod, ctx);
      return [
        ...podRefusals(pod, ctx).map((refusal) => ({ ...refusal, reason: 'FieldNotAllowed' })),
        ...(translated.kind === 'object' ? securityRefusals(pod, translated.object, ctx) : []).map((refusal) => ({
          ...refusal,
          reason: POD_SECURITY,
        })),
      ];
    },
    companions(pod) {
      const needs = tokenSources(pod).length > 0 || usesTrustBundles(pod) || certificateWishes(pod).length > 0;
      if (!needs) return [];
      const { name = '', namespace = '', uid = '' } = pod.metadata;
      const secret = emptyTokenSecret(
        tokenSecretName(name, namespace, context.cluster),
        { name, namespace, uid },
        context,
      );
      const keys = tokenSources(pod).map(({ key }) => [key, placeholder('token of the virtual cluster')]);
      return [keys.length === 0 ? secret : Object.assign({}, secret, { stringData: Object.fromEntries(keys) })];
    },
  };
}

/** A pod that asks for more than the whole quota never reaches the host. What others use nobody knows here. */
function fitting(translation: Translation<Pod>, context: ClusterContext): Translation<Pod> {
  if (translation.kind !== 'object') return translation;
  try {
    openQuota(context)?.hold(RESOURCES.pods, translation.object);
    return translation;
  } catch (error) {
    if (!(error instanceof NoRoom)) throw error;
    return { kind: 'refused', reason: QUOTA_EXCEEDED, field: '', message: error.message };
  }
}
