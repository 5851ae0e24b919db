import { copied, nameOf, type ObjectRule, object, refused } from './field-rules';

/** `fieldRef` of environment variables and downward-API volumes. */
export const OBJECT_FIELD_SELECTOR = object('ObjectFieldSelector', {
  ...copied('apiVersion'),
  fieldPath: { kind: 'fieldPath' },
});

/** `resourceFieldRef` of environment variables and downward-API volumes: it speaks of the pod's own containers. */
export const RESOURCE_FIELD_SELECTOR = object('ResourceFieldSelector', copied('containerName', 'resource', 'divisor'));

/** `resources` of containers and pods. */
export const RESOURCE_REQUIREMENTS = object('ResourceRequirements', {
  ...copied('limits', 'requests'),
  claims: object('ResourceClaim', copied('name', 'request')),
});

const ENV_VAR = object('EnvVar', {
  ...copied('name', 'value'),
  valueFrom: object('EnvVarSource', {
    fieldRef: OBJECT_FIELD_SELECTOR,
    resourceFieldRef: RESOURCE_FIELD_SELECTOR,
    configMapKeyRef: object('ConfigMapKeySelector', { name: nameOf('configMaps'), ...copied('key', 'optional') }),
    secretKeyRef: object('SecretKeySelector', { name: nameOf('secrets'), ...copied('key', 'optional') }),
    fileKeyRef: object('FileKeySelector', copied('volumeName', 'path', 'key', 'optional')),
  }),
});

const ENV_FROM = object('EnvFromSource', {
  ...copied('prefix'),
  configMapRef: object('ConfigMapEnvSource', { name: nameOf('configMaps'), ...copied('optional') }),
  secretRef: object('SecretEnvSource', { name: nameOf('secrets'), ...copied('optional') }),
});

const EXEC = object('ExecAction', copied('command'));
const HTTP_GET = object('HTTPGetAction', {
  ...copied('path', 'port', 'host', 'scheme', 'protocol'),
  httpHeaders: object('HTTPHeader', copied('name', 'value')),
});
const TCP_SOCKET = object('TCPSocketAction', copied('port', 'host'));

const PROBE = object('Probe', {
  exec: EXEC,
  httpGet: HTTP_GET,
  tcpSocket: TCP_SOCKET,
  grpc: object('GRPCAction', copied('port', 'service', 'mode')),
  ...copied(
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
    'terminationGracePeriodSeconds',
  ),
});

const LIFECYCLE_HANDLER = object('LifecycleHandler', {
  exec: EXEC,
  httpGet: HTTP_GET,
  tcpSocket: TCP_SOCKET,
  sleep: object('SleepAction', copied('seconds')),
});

/** SELinux labels of pods and containers. */
export const SE_LINUX_OPTIONS = object('SELinuxOptions', copied('user', 'role', 'type', 'level'));

/** Windows options of pods and containers. */
export const WINDOWS_OPTIONS = object('WindowsSecurityContextOptions', {
  ...copied('gmsaCredentialSpec', 'runAsUserName', 'hostProcess'),
  gmsaCredentialSpecName: refused('it names an object of the host cluster'),
});

/** seccomp profile of pods and containers. */
export const SECCOMP_PROFILE = object('SeccompProfile', copied('type', 'localhostProfile'));

/** AppArmor profile of pods and containers. */
export const APP_ARMOR_PROFILE = object('AppArmorProfile', copied('type', 'localhostProfile'));

const SECURITY_CONTEXT = object('SecurityContext', {
  ...copied(
    'privileged',
    'runAsUser',
    'runAsGroup',
    'runAsNonRoot',
    'readOnlyRootFilesystem',
    'allowPrivilegeEscalation',
    'procMount',
  ),
  capabilities: object('Capabilities', copied('add', 'drop')),
  seLinuxOptions: SE_LINUX_OPTIONS,
  windowsOptions: WINDOWS_OPTIONS,
  seccompProfile: SECCOMP_PROFILE,
  appArmorProfile: APP_ARMOR_PROFILE,
});

const CONTAINER_FIELDS: ObjectRule['fields'] = {
  ...copied('name', 'image', 'command', 'args', 'workingDir', 'restartPolicy', 'imagePullPolicy'),
  ...copied('terminationMessagePath', 'terminationMessagePolicy', 'stdin', 'stdinOnce', 'tty'),
  ports: object('ContainerPort', copied('name', 'hostPort', 'containerPort', 'protocol', 'hostIP')),
  envFrom: ENV_FROM,
  env: ENV_VAR,
  resources: RESOURCE_REQUIREMENTS,
  resizePolicy: object('ContainerResizePolicy', copied('resourceName', 'restartPolicy')),
  restartPolicyRules: object('ContainerRestartRule', {
    ...copied('action'),
    exitCodes: object('ContainerRestartRuleOnExitCodes', copied('operator', 'values')),
  }),
  volumeMounts: object(
    'VolumeMount',
    copied(
      'name',
      'readOnly',
      'recursiveReadOnly',
      'mountPath',
      'subPath',
      'subPathExpr',
      'mountPropagation',
      'bindMountOptions',
    ),
  ),
  volumeDevices: object('VolumeDevice', copied('name', 'devicePath')),
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  startupProbe: PROBE,
  lifecycle: object('Lifecycle', {
    postStart: LIFECYCLE_HANDLER,
    preStop: LIFECYCLE_HANDLER,
    ...copied('stopSignal'),
  }),
  securityContext: SECURITY_CONTEXT,
};

/** `containers` and `initContainers`. */
export const CONTAINER = object('Container', CONTAINER_FIELDS);

/** `ephemeralContainers`. */
export const EPHEMERAL_CONTAINER = object('EphemeralContainer', {
  ...CONTAINER_FIELDS,
  ...copied('targetContainerName'),
});
