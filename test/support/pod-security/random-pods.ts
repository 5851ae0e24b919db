import fc from 'fast-check';
import type { SecuredPod } from '../../../syncer/isolation/pod-security';

/**
 * Pods with random values, right and wrong, in every field that the Pod Security Standards look at, in containers of all
 * kinds. Most fields of a pod are right, so that one wrong value hides no other.
 */
export function randomPods(): fc.Arbitrary<SecuredPod> {
  return fc
    .record({ annotations: annotations(), spec: podSpec() })
    .map(({ annotations, spec }) => plain({ metadata: { name: 'random', annotations }, spec }));
}

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_notsent_lowat',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_slow_start_after_idle',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];
const SOURCES = [
  ...['awsElasticBlockStore', 'azureDisk', 'azureFile', 'cephfs', 'cinder', 'configMap', 'csi', 'downwardAPI'],
  ...['emptyDir', 'ephemeral', 'fc', 'flexVolume', 'flocker', 'gcePersistentDisk', 'gitRepo', 'glusterfs', 'hostPath'],
  ...['image', 'iscsi', 'nfs', 'persistentVolumeClaim', 'photonPersistentDisk', 'portworxVolume', 'projected'],
  ...['quobyte', 'rbd', 'scaleIO', 'secret', 'storageos', 'vsphereVolume', 'ofTheFuture'],
];
const CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP'],
  ...['SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT', 'ALL', 'NET_RAW', 'SYS_ADMIN', 'all', 'chown', 'CAP_CHOWN', ''],
];
const PROFILES = ['RuntimeDefault', 'Localhost', 'Unconfined', 'runtimedefault', ''];
const ANNOTATION_PREFIXES = [
  'container.apparmor.security.beta.kubernetes.io/',
  'container.seccomp.security.alpha.kubernetes.io/',
];

/** A value in one case of `every`, else the field is absent. */
function rarely<T>(value: fc.Arbitrary<T>, every = 6): fc.Arbitrary<T | null | undefined> {
  return fc.oneof(
    { weight: every * 4, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

const often = <T>(value: fc.Arbitrary<T>) => rarely(value, 1);

/** Absent fields are left out; `null` stays, as in a file. */
function plain(value: object): ReturnType<typeof JSON.parse> {
  return JSON.parse(JSON.stringify(value));
}

function podSpec(): fc.Arbitrary<object> {
  return fc.record({
    containers: containers('main', 1),
    initContainers: often(containers('init', 0)),
    ephemeralContainers: often(containers('debug', 0)),
    volumes: often(fc.array(volume(), { maxLength: 3 })),
    securityContext: podSecurityContext(),
    hostNetwork: rarely(fc.boolean()),
    hostPID: rarely(fc.boolean()),
    hostIPC: rarely(fc.boolean()),
    hostUsers: rarely(fc.boolean(), 2),
    os: rarely(fc.record({ name: fc.constantFrom('windows', 'linux', 'Windows', '') }), 3),
  });
}

function containers(name: string, minLength: number): fc.Arbitrary<readonly object[]> {
  return fc
    .array(container(), { minLength, maxLength: 2 })
    .map((all) => all.map((each, index) => ({ name: `${name}-${index}`, ...each })));
}

function container(): fc.Arbitrary<object> {
  const host = fc.constantFrom('127.0.0.1', 'x', '');
  const handler = fc.record({
    httpGet: often(fc.record({ port: fc.constant(80), host: often(host) })),
    tcpSocket: often(fc.record({ port: fc.constant(80), host: often(host) })),
  });
  return fc.record({
    securityContext: fc.oneof(
      { weight: 8, arbitrary: securityContext() },
      { weight: 1, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    ports: rarely(
      fc.array(fc.record({ containerPort: fc.constant(80), hostPort: often(fc.constantFrom(0, 1, 80, 65535)) }), {
        maxLength: 2,
      }),
    ),
    livenessProbe: rarely(handler, 12),
    readinessProbe: rarely(handler, 12),
    startupProbe: rarely(handler, 12),
    lifecycle: rarely(fc.record({ postStart: often(handler), preStop: often(handler) })),
  });
}

/** What a restricted container has, with a few fields changed or taken away. */
function securityContext(): fc.Arbitrary<object> {
  const changes = fc.record({
    ...sharedFields(),
    privileged: rarely(fc.boolean()),
    allowPrivilegeEscalation: rarely(fc.boolean()),
    procMount: rarely(fc.constantFrom('Default', 'Unmasked', 'default', '')),
    capabilities: rarely(
      fc.record({
        add: often(fc.subarray(CAPABILITIES, { maxLength: 3 })),
        drop: fc.oneof(fc.constant(['ALL']), often(fc.subarray(CAPABILITIES))),
      }),
      2,
    ),
  });
  const dropped = fc.subarray(Object.keys(RESTRICTED), { maxLength: 2 });
  return fc.tuple(changes, rarely(dropped, 3)).map(([changed, lacking]) => {
    const kept = Object.entries(RESTRICTED).filter(([key]) => !(lacking ?? []).includes(key));
    return { ...Object.fromEntries(kept), ...plain(changed) };
  });
}

function podSecurityContext(): fc.Arbitrary<object | null | undefined> {
  const names = fc.constantFrom(...SAFE_SYSCTLS, 'net.core.somaxconn', 'net/ipv4/tcp_syncookies', '');
  const sysctls = fc.array(fc.record({ name: names, value: fc.constant('1') }), { maxLength: 2 });
  return often(
    fc.record({
      ...sharedFields(),
      runAsNonRoot: often(fc.boolean()),
      seccompProfile: often(profile()),
      sysctls: often(sysctls),
    }),
  );
}

function sharedFields() {
  const labels = fc.record({
    type: often(
      fc.constantFrom('container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t', 'spc_t', ''),
    ),
    user: rarely(fc.constantFrom('system_u', '')),
    role: rarely(fc.constantFrom('system_r', '')),
    level: rarely(fc.constantFrom('s0', '')),
  });
  return {
    appArmorProfile: rarely(profile()),
    runAsNonRoot: rarely(fc.boolean()),
    runAsUser: rarely(fc.constantFrom(0, 1, 1000)),
    seLinuxOptions: rarely(labels),
    seccompProfile: rarely(profile()),
    windowsOptions: rarely(fc.record({ hostProcess: often(fc.boolean()) })),
  };
}

function profile(): fc.Arbitrary<object> {
  return fc.record({ type: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PROFILES) }, fc.constant(undefined)) });
}

function volume(): fc.Arbitrary<object> {
  const known = fc.constantFrom('configMap', 'emptyDir', 'secret', 'persistentVolumeClaim', 'image');
  const sources = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(known) },
    { weight: 1, arbitrary: fc.subarray(SOURCES, { maxLength: 2 }) },
  );
  return fc.tuple(sources, fc.boolean()).map(([names, withNull]) => ({
    name: 'volume',
    ...(withNull && { hostPath: null, nfs: null }),
    ...Object.fromEntries(names.map((name) => [name, {}])),
  }));
}

function annotations(): fc.Arbitrary<object | null | undefined> {
  const names = ['main-0', 'main-1', 'init-0', 'debug-0', 'nobody', ''];
  const keys = [
    'seccomp.security.alpha.kubernetes.io/pod',
    'example.com/unconfined',
    ...ANNOTATION_PREFIXES.flatMap((prefix) => names.map((name) => `${prefix}${name}`)),
  ];
  const values = ['runtime/default', 'docker/default', 'localhost/x', 'localhost', 'unconfined', ''];
  return rarely(fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 3 }), 2);
}
