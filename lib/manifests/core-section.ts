import { type CoreSection, LABELS, SECTION_KEY, sectionConfigMapName } from '../contract';
import type { ResolvedSpec } from '../spec';
import { JsonText } from './json-text';
import { metadata } from './metadata';
import type { Slot } from './slot';

/** Names of the configuration sections that must be there before any workload is synced. */
export const REQUIRED_SECTIONS: readonly string[] = ['core'];

/** The section of the syncer's configuration that the virtual cluster itself owns. */
export function coreSectionSlots(spec: ResolvedSpec): readonly Slot[] {
  const meta = metadata(spec, sectionConfigMapName(spec.name, 'core'));
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...meta, labels: { ...meta.labels, [LABELS.configOf]: spec.name, [LABELS.section]: 'core' } },
    data: { [SECTION_KEY]: new JsonText(coreSection(spec)) },
  };
  return [{ slot: 'config/core', object }];
}

function coreSection(spec: ResolvedSpec): CoreSection {
  const { controlPlane, dns, images, kubeconfig, kubernetes, networking } = spec;
  return {
    version: 1,
    clusterDomain: networking.clusterDomain,
    extraSans: [...controlPlane.extraSans],
    ...(networking.serviceCidr === undefined ? {} : { serviceCidr: networking.serviceCidr }),
    kubeconfigServer: kubeconfig.server,
    syncerImage: images.syncer,
    syncerImagePullPolicy: images.pullPolicy,
    dns: { image: images.coredns, replicas: dns.replicas, forwardToHost: dns.forwardToHost },
    kubernetesVersion: kubernetes.version,
  };
}
