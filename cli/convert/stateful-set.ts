import { persistence } from './backing-store';
import type { Draft } from './draft';
import { isOutside } from './external-store';
import { asIs, count, text, texts, tolerations } from './readers';
import { group, moved, notNeeded, type Rule, unsupported } from './rules';
import type { Path } from './tree';

const PATCH = 'patch the StatefulSet: ApiObject.of(cluster) in cdk8s, transforms in Pulumi';
const OWN = 'each component is a container with its upstream program';

/** `controlPlane.statefulSet`. */
export const statefulSet: Rule = group({
  image: notNeeded("vCluster's image is not used; see images for those that are"),
  imagePullPolicy: moved('images.pullPolicy', asIs, 'IfNotPresent'),
  resources: notNeeded(
    'it is for one container that holds everything; here each has its own: controlPlane.apiServer.resources, .controllerManager, .syncer, store.resources',
  ),
  highAvailability: group({
    replicas,
    leaseDuration: notNeeded('the times of the election are fixed'),
    renewDeadline: notNeeded('the times of the election are fixed'),
    retryPeriod: notNeeded('the times of the election are fixed'),
  }),
  persistence,
  pods: group({ annotations: moved('controlPlane.podAnnotations', texts), labels: unsupported(PATCH) }),
  scheduling: group({
    nodeSelector: moved('controlPlane.nodeSelector', texts),
    tolerations: moved('controlPlane.tolerations', tolerations),
    priorityClassName: moved('controlPlane.priorityClass', text),
    affinity: unsupported(`use controlPlane.nodeSelector and controlPlane.tolerations, or ${PATCH}`),
    topologySpreadConstraints: notNeeded('several pods are spread over nodes and zones'),
    podManagementPolicy: notNeeded('several pods start at once, and are renewed one after the other'),
  }),
  security: notNeeded('containers run without root, with a read-only file system and without capabilities'),
  probes: notNeeded('the probes are set by Sublet, with time enough for a slow start'),
  labels: unsupported(PATCH),
  annotations: unsupported(PATCH),
  env: unsupported(`${OWN}; flags are set by extraArgs`),
  args: unsupported(`${OWN}; flags are set by extraArgs`),
  command: unsupported(`${OWN}; flags are set by extraArgs`),
  workingDir: unsupported(`${OWN}`),
  initContainers: unsupported(PATCH),
  sidecarContainers: unsupported(PATCH),
  hostAliases: unsupported(PATCH),
  runtimeClassName: unsupported(PATCH),
  dnsPolicy: unsupported(PATCH, 'ClusterFirst'),
  dnsConfig: unsupported(PATCH),
  enableServiceLinks: notNeeded('the control plane reads no variables of Services'),
});

function replicas(value: unknown, from: Path, draft: Draft): void {
  const rule = isOutside(draft)
    ? moved('controlPlane.replicas', count, 1, '1')
    : unsupported('the control plane is one pod, as its store is SQLite; several take a store outside', 1, '1');
  rule(value, from, draft);
}
