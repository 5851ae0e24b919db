import { stringify } from 'yaml';

/**
 * How simulated nodes and pods change: nodes become ready, pods run at once, those of Jobs succeed, deleted ones vanish.
 * The templates are Go's, with KWOK's functions; the results are merged into the object's status.
 */
export function renderStages(): string {
  return [nodeReady, podRunning, podSucceeded, podDeleted].map((stage) => stringify(stage())).join('---\n');
}

function nodeReady(): object {
  return stage('node-ready', 'Node', [READY_IS_NOT_TRUE], {
    statusTemplate: `{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- type: InternalIP
  address: {{ NodeIP | Quote }}
- type: Hostname
  address: {{ NodeName | Quote }}
nodeInfo:
  architecture: amd64
  bootID: ""
  containerRuntimeVersion: kwok
  kernelVersion: kwok
  kubeProxyVersion: kwok
  kubeletVersion: kwok
  machineID: ""
  operatingSystem: linux
  osImage: ""
  systemUUID: ""
phase: Running
`,
  });
}

function podRunning(): object {
  const pending = { key: '.status.phase', operator: 'In', values: ['Pending'] };
  return stage('pod-running', 'Pod', [NOT_DELETED, pending, READY_IS_NOT_TRUE], {
    statusTemplate: `{{ $now := Now }}
conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" "PodReadyToStartContainers" }}
- type: {{ $type }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
- ip: {{ index . 0 | Quote }}
{{ end }}
{{ with PodIPsWith .spec.nodeName (or .spec.hostNetwork false) .metadata.uid .metadata.name .metadata.namespace }}
podIP: {{ index . 0 | Quote }}
podIPs:
- ip: {{ index . 0 | Quote }}
{{ end }}
phase: Running
startTime: {{ $now | Quote }}
`,
  });
}

function podSucceeded(): object {
  const running = { key: '.status.phase', operator: 'In', values: ['Running'] };
  const ofJob = { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] };
  return stage('pod-succeeded', 'Pod', [NOT_DELETED, running, ofJob], {
    statusTemplate: `{{ $now := Now }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
phase: Succeeded
`,
  });
}

function podDeleted(): object {
  return stage('pod-deleted', 'Pod', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], { delete: true });
}

const NOT_DELETED = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const READY_IS_NOT_TRUE = {
  key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
  operator: 'NotIn',
  values: ['True'],
};

function stage(name: string, kind: string, matchExpressions: readonly object[], next: object): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
  };
}
