import {
  type PodSecurityOptions,
  podSecurityViolations,
  type SecuredPod,
} from '../../../../syncer/isolation/pod-security';
import { POD_SECURITY_CHECKS } from '../../../../syncer/isolation/pod-security/table';

type Spec = SecuredPod['spec'];
const restricted = {
  name: 'main',
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};
const harmless: Spec = { containers: [restricted] };

function messages(spec: Partial<Spec>, options: PodSecurityOptions, metadata: SecuredPod['metadata'] = {}): string[] {
  const pod = { metadata, spec: { ...harmless, ...spec } };
  return podSecurityViolations(pod, options).map(({ message }) => message);
}

const withContext = (securityContext: object) => ({
  containers: [{ ...restricted, securityContext: { ...restricted.securityContext, ...securityContext } }],
});

describe('what a tenant reads', () => {
  it.each<[string, Partial<Spec>]>([
    ['spec.hostNetwork: true is not allowed', { hostNetwork: true }],
    ['spec.hostPID: true is not allowed', { hostPID: true }],
    ['spec.hostIPC: true is not allowed', { hostIPC: true }],
    ['spec.containers[0].securityContext.privileged: true is not allowed', withContext({ privileged: true })],
    [
      'spec.containers[0].securityContext.capabilities.add[1]: "SYS_ADMIN" is not allowed',
      withContext({ capabilities: { add: ['CHOWN', 'SYS_ADMIN'] } }),
    ],
    [
      'spec.containers[0].securityContext.procMount: "Unmasked" is not allowed: it must be Default',
      withContext({ procMount: 'Unmasked' }),
    ],
    [
      'spec.containers[0].securityContext.seccompProfile.type: "Unconfined" is not allowed: it must be RuntimeDefault or Localhost',
      withContext({ seccompProfile: { type: 'Unconfined' } }),
    ],
    [
      'spec.securityContext.appArmorProfile.type: "Unconfined" is not allowed: it must be RuntimeDefault or Localhost',
      { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
    ],
    [
      'spec.containers[0].securityContext.seLinuxOptions.user: "root" is not allowed',
      withContext({ seLinuxOptions: { user: 'root' } }),
    ],
    [
      'spec.containers[0].securityContext.windowsOptions.hostProcess: true is not allowed',
      withContext({ windowsOptions: { hostProcess: true } }),
    ],
    [
      'spec.securityContext.sysctls[0].name: "kernel.msgmax" is not allowed',
      { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
    ],
    [
      'spec.volumes[1].hostPath: "/etc" is not allowed',
      {
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', hostPath: { path: '/etc' } },
        ],
      },
    ],
    [
      'spec.containers[0].livenessProbe.httpGet.host: "169.254.169.254" is not allowed',
      { containers: [{ ...restricted, livenessProbe: { httpGet: { port: 80, host: '169.254.169.254' } } }] },
    ],
    [
      'spec.initContainers[0].ports[0].hostPort: 80 is not allowed',
      { initContainers: [{ ...restricted, ports: [{ containerPort: 80, hostPort: 80 }] }] },
    ],
    [
      'spec.ephemeralContainers[0].securityContext.privileged: true is not allowed',
      { ephemeralContainers: [{ name: 'debugger', securityContext: { privileged: true } }] },
    ],
  ])('names the policy and the field: %s', (message, spec) => {
    expect(messages(spec, { level: 'baseline' })).toEqual([`Pod Security "baseline": ${message}`]);
    expect(messages(spec, { level: 'privileged' })).toEqual([]);
    expect(messages(harmless, { level: 'baseline' })).toEqual([]);
  });

  it('names what a restricted container lacks', () => {
    const at = 'Pod Security "restricted": spec.containers[0].securityContext';
    expect(messages({ containers: [{ name: 'main' }] }, { level: 'restricted' })).toEqual([
      `${at}.allowPrivilegeEscalation: must be false`,
      `${at}.capabilities.drop: must include "ALL"`,
      `${at}.runAsNonRoot: must be true, here or in spec.securityContext`,
      `${at}.seccompProfile.type: must be RuntimeDefault or Localhost, here or in spec.securityContext`,
    ]);
    expect(messages({}, { level: 'restricted' })).toEqual([]);
  });

  it('names an annotation, and not all of a value that a tenant made long', () => {
    const key = 'container.apparmor.security.beta.kubernetes.io/main';
    const [message = ''] = messages({}, { level: 'baseline' }, { annotations: { [key]: 'x'.repeat(100_000) } });
    expect(message).toContain(`metadata.annotations['${key}']: "xxx`);
    expect(message.length).toBeLessThan(400);
  });
});

describe('versions of the standards', () => {
  const version = (minor: number): PodSecurityOptions => ({ level: 'baseline', version: { minor } });
  const probe = { containers: [{ ...restricted, livenessProbe: { tcpSocket: { port: 1, host: 'x' } } }] };

  it('hold a pod to what the version knew', () => {
    expect(messages(probe, version(33))).toEqual([]);
    expect(messages(probe, version(34))).toHaveLength(1);
  });

  it('after the newest are the newest', () => {
    expect(messages(probe, version(999))).toEqual(messages(probe, { level: 'baseline', version: 'latest' }));
    expect(messages(probe, { level: 'baseline' })).toHaveLength(1);
  });

  it('list each check once, its forms by rising minor', () => {
    const ids = POD_SECURITY_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { forms } of POD_SECURITY_CHECKS) {
      const minors = forms.map(({ from }) => from);
      expect(minors).toEqual([...new Set(minors)].sort((a, b) => a - b));
    }
  });
});

it('takes null in a pod that was read from a file for a field that is not there', () => {
  const spec = JSON.parse(
    '{"containers":[{"name":"main","securityContext":null,"ports":null}],"volumes":[{"name":"a","hostPath":null,"emptyDir":{}}],"securityContext":null,"initContainers":null}',
  );
  expect(podSecurityViolations({ metadata: {}, spec }, { level: 'baseline' })).toEqual([]);
});
