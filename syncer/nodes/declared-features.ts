/**
 * Features of a kubelet by which an API server tells what the pods on its node may ask for, and that a kubelet has
 * unless it is told otherwise. Source: Kubernetes' `component-helpers/nodedeclaredfeatures`, 1.36 and 1.37.
 */
const USUAL = [
  'InPlacePodLevelResourcesVerticalScaling',
  'InPlacePodVerticalScalingInitContainers',
  'RestartAllContainersOnContainerExits',
];

/** About the kubelet's own API, which here is the syncer's. */
const OF_KUBELET_API: ReadonlySet<string> = new Set(['ExtendWebSocketsToKubelet']);

/** The minor version of Kubernetes 1 since which API servers keep `status.declaredFeatures`. */
const SINCE = 36;

/**
 * The features that a virtual node declares.
 *
 * @param version of the virtual API server, `1.37.2`: an older one drops them
 * @param host those of the host's node; where it may not be seen, what kubelets usually have: what a node's kubelet
 * can't do after all, the host refuses
 * @returns undefined where there is nothing to declare
 */
export function declaredFeatures(version: string, host?: readonly string[]): string[] | undefined {
  if (minorOf(version) < SINCE) return undefined;
  const features = (host ?? USUAL).filter((feature) => !OF_KUBELET_API.has(feature));
  return features.length > 0 ? features : undefined;
}

/** `1.37.2` → 37. */
export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
