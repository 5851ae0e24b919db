import { copied, dropped, nameOf, object, refused, translatedBy } from './field-rules';
import {
  APP_ARMOR_PROFILE,
  CONTAINER,
  EPHEMERAL_CONTAINER,
  RESOURCE_REQUIREMENTS,
  SE_LINUX_OPTIONS,
  SECCOMP_PROFILE,
  WINDOWS_OPTIONS,
} from './fields-container';
import { VOLUME } from './fields-volume';

const LABEL_SELECTOR = object('LabelSelector', {
  ...copied('matchLabels'),
  matchExpressions: object('LabelSelectorRequirement', copied('key', 'operator', 'values')),
});

const NODE_SELECTOR_REQUIREMENT = object('NodeSelectorRequirement', copied('key', 'operator', 'values'));

const NODE_SELECTOR_TERM = object('NodeSelectorTerm', {
  matchExpressions: NODE_SELECTOR_REQUIREMENT,
  matchFields: NODE_SELECTOR_REQUIREMENT,
});

const POD_AFFINITY_TERM = object('PodAffinityTerm', {
  ...copied('namespaces', 'topologyKey', 'matchLabelKeys', 'mismatchLabelKeys'),
  labelSelector: LABEL_SELECTOR,
  namespaceSelector: LABEL_SELECTOR,
});

const podAffinityRules = {
  requiredDuringSchedulingIgnoredDuringExecution: POD_AFFINITY_TERM,
  preferredDuringSchedulingIgnoredDuringExecution: object('WeightedPodAffinityTerm', {
    ...copied('weight'),
    podAffinityTerm: POD_AFFINITY_TERM,
  }),
};

const AFFINITY = object('Affinity', {
  nodeAffinity: object('NodeAffinity', {
    requiredDuringSchedulingIgnoredDuringExecution: object('NodeSelector', { nodeSelectorTerms: NODE_SELECTOR_TERM }),
    preferredDuringSchedulingIgnoredDuringExecution: object('PreferredSchedulingTerm', {
      ...copied('weight'),
      preference: NODE_SELECTOR_TERM,
    }),
  }),
  podAffinity: object('PodAffinity', podAffinityRules),
  podAntiAffinity: object('PodAntiAffinity', podAffinityRules),
});

const TOPOLOGY_SPREAD = object('TopologySpreadConstraint', {
  ...copied('maxSkew', 'topologyKey', 'whenUnsatisfiable', 'minDomains', 'nodeAffinityPolicy', 'nodeTaintsPolicy'),
  ...copied('matchLabelKeys'),
  labelSelector: LABEL_SELECTOR,
});

const DNS_CONFIG = object('PodDNSConfig', {
  ...copied('nameservers', 'searches'),
  options: object('PodDNSConfigOption', copied('name', 'value')),
});

const POD_SECURITY_CONTEXT = object('PodSecurityContext', {
  ...copied('runAsUser', 'runAsGroup', 'runAsNonRoot', 'fsGroup', 'fsGroupChangePolicy'),
  ...copied('supplementalGroups', 'supplementalGroupsPolicy', 'seLinuxChangePolicy'),
  sysctls: object('Sysctl', copied('name', 'value')),
  seLinuxOptions: SE_LINUX_OPTIONS,
  windowsOptions: WINDOWS_OPTIONS,
  seccompProfile: SECCOMP_PROFILE,
  appArmorProfile: APP_ARMOR_PROFILE,
});

const PRIORITY = 'the host computes it from the priority class';

/**
 * What becomes of every field of a pod's `spec`, down to the leaves. This is the allow-list: a field that is not in it
 * refuses the pod, so that a newer Kubernetes can't open a way to the host that nobody has looked at.
 */
export const POD_SPEC = object('PodSpec', {
  ...copied('restartPolicy', 'terminationGracePeriodSeconds', 'activeDeadlineSeconds', 'nodeSelector'),
  ...copied('hostNetwork', 'hostPID', 'hostIPC', 'hostUsers', 'shareProcessNamespace'),
  containers: CONTAINER,
  initContainers: CONTAINER,
  ephemeralContainers: EPHEMERAL_CONTAINER,
  volumes: VOLUME,
  imagePullSecrets: object('LocalObjectReference', { name: nameOf('secrets', true) }),
  securityContext: POD_SECURITY_CONTEXT,
  resources: RESOURCE_REQUIREMENTS,
  tolerations: object('Toleration', copied('key', 'operator', 'value', 'effect', 'tolerationSeconds')),
  hostAliases: object('HostAlias', copied('ip', 'hostnames')),
  readinessGates: object('PodReadinessGate', copied('conditionType')),
  os: object('PodOS', copied('name')),
  dnsPolicy: translatedBy('dns'),
  dnsConfig: translatedBy('dns', DNS_CONFIG),
  hostname: translatedBy('hostname'),
  subdomain: translatedBy('hostname'),
  setHostnameAsFQDN: translatedBy('hostname'),
  hostnameOverride: translatedBy('hostname'),
  nodeName: translatedBy('node-affinity'),
  affinity: translatedBy('pod-affinity', AFFINITY),
  topologySpreadConstraints: translatedBy('topology-spread', TOPOLOGY_SPREAD),
  schedulingGates: translatedBy('scheduling-gates', object('PodSchedulingGate', copied('name'))),
  schedulerName: translatedBy('placed-by'),
  serviceAccountName: translatedBy('to-host-pod'),
  serviceAccount: dropped('an old name of serviceAccountName'),
  automountServiceAccountToken: translatedBy('to-host-pod'),
  enableServiceLinks: translatedBy('env'),
  runtimeClassName: translatedBy('classes'),
  priorityClassName: translatedBy('classes'),
  priority: dropped(PRIORITY),
  preemptionPolicy: dropped(PRIORITY),
  overhead: dropped('the host computes it from the runtime class'),
  resourceClaims: translatedBy(
    'resource-claims',
    object('PodResourceClaim', copied('name', 'resourceClaimName', 'resourceClaimTemplateName')),
  ),
  schedulingGroup: refused('pod groups'),
  /** Of Kubernetes 1.35 alone. */
  workloadRef: refused('workloads'),
  evictionResponders: refused('eviction responders'),
});
