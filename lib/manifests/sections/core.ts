import type { CoreSection } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { dnsConfig } from './dns';

/** The content of the section that the virtual cluster itself owns. */
export function coreSection(spec: ResolvedSpec): CoreSection {
  const { admission, controlPlane, images, kubeconfig, kubernetes, networking } = spec;
  return {
    version: 1,
    admission,
    clusterDomain: networking.clusterDomain,
    extraSans: [...controlPlane.extraSans],
    ...(networking.serviceCidr === undefined ? {} : { serviceCidr: networking.serviceCidr }),
    kubeconfigServer: kubeconfig.server,
    syncerImage: images.syncer,
    syncerImagePullPolicy: images.pullPolicy,
    dns: dnsConfig(spec),
    kubernetesVersion: kubernetes.version,
  };
}
