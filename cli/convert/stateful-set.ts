import { persistence } from './backing-store';
import { asIs, text, texts, tolerations } from './readers';
import { group, moved, notNeeded, type Rule, unsupported } from './rules';

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
    replicas: unsupported('the control plane is one pod, as its store is SQLite', 1, '1'),
    leaseDuration: notNeeded('there is one pod'),
    renewDeadline: notNeeded('there is one pod'),
    retryPeriod: notNeeded('there is one pod'),
  }),
  persistence,
  pods: group({ annotations: moved('controlPlane.podAnnotations', texts), labels: unsupported(PATCH) }),
  scheduling: group({
    nodeSelector: moved('controlPlane.nodeSelector', texts),
    tolerations: moved('controlPlane.tolerations', tolerations),
    priorityClassName: moved('controlPlane.priorityClass', text),
    affinity: unsupported(`use controlPlane.nodeSelector and controlPlane.tolerations, or ${PATCH}`),
    topologySpreadConstraints: notNeeded('there is one pod'),
    podManagementPolicy: notNeeded('there is one pod'),
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
