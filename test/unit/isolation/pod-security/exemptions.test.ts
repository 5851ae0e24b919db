import {
  type PodSecurityExemptions,
  type PodSecurityLevel,
  podSecurityViolations,
  type SecuredPod,
} from '../../../../syncer/isolation/pod-security';

const harmless = { name: 'main', image: 'app' };
const restrictedContext = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  seccompProfile: { type: 'RuntimeDefault' },
};

function fields(
  pod: SecuredPod['spec'],
  exempt: PodSecurityExemptions,
  level: PodSecurityLevel = 'baseline',
): string[] {
  return podSecurityViolations({ metadata: {}, spec: pod }, { level, exempt }).map(({ field }) => field);
}

describe('host paths that are allowed', () => {
  const volumes = [
    { name: 'in', hostPath: { path: '/data/a' } },
    { name: 'out', hostPath: { path: '/data2' } },
    { name: 'up', hostPath: { path: '/data/../etc' } },
    { name: 'none', hostPath: { path: '' } },
  ];
  const others = ['spec.volumes[1].hostPath', 'spec.volumes[2].hostPath', 'spec.volumes[3].hostPath'];

  it.each(['baseline', 'restricted'] as const)('pass at %s, and no other does', (level) => {
    const spec = { containers: [], volumes };
    expect(fields(spec, {}, level)).toEqual(['spec.volumes[0].hostPath', ...others]);
    expect(fields(spec, { hostPaths: [{ pathPrefix: '/data' }] }, level)).toEqual(others);
  });

  it('let no other source pass', () => {
    const spec = { containers: [], volumes: [{ name: 'nfs', nfs: { server: 'x', path: '/data' } }] };
    expect(fields(spec, { hostPaths: [{ pathPrefix: '/' }] }, 'restricted')).toEqual(['spec.volumes[0].nfs']);
  });

  describe('for reading only', () => {
    const exempt = { hostPaths: [{ pathPrefix: '/data', readOnly: true }] };
    const volume = [{ name: 'in', hostPath: { path: '/data' } }];
    const reader = { ...harmless, volumeMounts: [{ name: 'in', mountPath: '/in', readOnly: true }] };
    const writers = [
      [{ name: 'in', mountPath: '/in', readOnly: false }],
      [{ name: 'in', mountPath: '/in' }],
      [
        { name: 'in', mountPath: '/in', readOnly: true },
        { name: 'in', mountPath: '/too', subPath: 'a' },
      ],
    ].map((volumeMounts) => ({ ...harmless, name: 'writer', volumeMounts }));

    it('pass where every container only reads', () => {
      const elsewhere = { ...harmless, volumeMounts: [{ name: 'other', mountPath: '/other' }] };
      expect(fields({ containers: [reader, elsewhere], volumes: volume }, exempt)).toEqual([]);
    });

    it.each(writers.map((writer) => [JSON.stringify(writer.volumeMounts), writer] as const))(
      'do not pass where a container of any sort mounts %s',
      (_, writer) => {
        const refused = ['spec.volumes[0].hostPath'];
        expect(fields({ containers: [reader, writer], volumes: volume }, exempt)).toEqual(refused);
        expect(fields({ containers: [reader], initContainers: [writer], volumes: volume }, exempt)).toEqual(refused);
        const added = { containers: [reader], ephemeralContainers: [writer], volumes: volume };
        expect(fields(added, exempt)).toEqual(refused);
      },
    );

    it('pass for writing when another rule allows that', () => {
      const both = { hostPaths: [...exempt.hostPaths, { pathPrefix: '/data' }] };
      for (const writer of writers) expect(fields({ containers: [writer], volumes: volume }, both)).toEqual([]);
    });
  });
});

describe('other allow-lists', () => {
  it('let the listed ports of the node pass, both ends included', () => {
    const ports = [29999, 30000, 30005, 30010, 30011, 8080].map((hostPort) => ({ containerPort: 80, hostPort }));
    const spec = { containers: [{ ...harmless, ports }] };
    const exempt = {
      hostPorts: [
        { from: 30000, to: 30010 },
        { from: 8080, to: 8080 },
      ],
    };
    expect(fields(spec, exempt)).toEqual([0, 4].map((index) => `spec.containers[0].ports[${index}].hostPort`));
    expect(fields(spec, { hostPorts: [{ from: 30010, to: 30000 }] })).toHaveLength(ports.length);
  });

  it.each(['baseline', 'restricted'] as const)('let the listed capabilities pass at %s', (level) => {
    const capabilities = { drop: ['ALL'], add: ['NET_ADMIN', 'SYS_ADMIN', 'net_admin', 'CAP_NET_ADMIN'] };
    const spec = { containers: [{ ...harmless, securityContext: { ...restrictedContext, capabilities } }] };
    const refused = [1, 2, 3].map((index) => `spec.containers[0].securityContext.capabilities.add[${index}]`);
    expect(fields(spec, { capabilities: ['NET_ADMIN'] }, level)).toEqual(refused);
  });

  it('do not spare a container from dropping the others', () => {
    const securityContext = { ...restrictedContext, capabilities: { add: ['NET_ADMIN'] } };
    const spec = { containers: [{ ...harmless, securityContext }] };
    expect(fields(spec, { capabilities: ['NET_ADMIN', 'ALL'] }, 'restricted')).toEqual([
      'spec.containers[0].securityContext.capabilities.drop',
    ]);
  });

  it('let the listed sysctls pass, by their full name', () => {
    const sysctls = ['net.core.somaxconn', 'net/core/somaxconn', 'net.core.somaxconn2', 'kernel.msgmax'].map(
      (name) => ({
        name,
        value: '1',
      }),
    );
    const refused = [1, 2, 3].map((index) => `spec.securityContext.sysctls[${index}].name`);
    expect(fields({ containers: [], securityContext: { sysctls } }, { sysctls: ['net.core.somaxconn'] })).toEqual(
      refused,
    );
  });

  it('let nothing pass that is on none of them', () => {
    const everything: PodSecurityExemptions = {
      hostPaths: [{ pathPrefix: '/' }],
      hostPorts: [{ from: 0, to: 65535 }],
      capabilities: ['ALL'],
      sysctls: ['kernel.msgmax'],
    };
    const securityContext = { privileged: true, procMount: 'Unmasked' };
    const spec = { hostNetwork: true, hostPID: true, hostIPC: true, containers: [{ ...harmless, securityContext }] };
    expect(fields(spec, everything)).toEqual(fields(spec, {}));
    expect(fields(spec, everything)).toHaveLength(5);
  });
});
