import type { Pod } from '../../../syncer/pods';
import { podToCreate, toHostPod } from '../../../syncer/pods';
import { podContext, translated, virtualPod } from './fixtures';

/** A pod as an API server may send it: with fields that our types do not know. */
const raw = (spec: object): Pod => ({ ...virtualPod(), spec: { ...virtualPod().spec, ...spec } });

describe('the spec of a host pod', () => {
  it("has nothing of the host's API and no rights on it", () => {
    const spec = { serviceAccountName: 'admin', serviceAccount: 'admin', automountServiceAccountToken: true };
    const host = translated(virtualPod({ spec })).spec;
    expect(host).toMatchObject({ serviceAccountName: 'vc-workload-my-vcluster', automountServiceAccountToken: false });
    expect(host).not.toHaveProperty('serviceAccount');
  });

  it('carries over what means the same on both sides', () => {
    const probe = { httpGet: { path: '/', port: 'http' }, periodSeconds: 3 };
    const main = {
      name: 'main',
      image: 'nginx:1',
      ports: [{ name: 'http', containerPort: 80 }],
      resources: { limits: { cpu: '1' }, requests: { cpu: '1' } },
      livenessProbe: probe,
      lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } },
      securityContext: { runAsUser: 1000, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
      terminationMessagePath: '/dev/termination-log',
      stdin: true,
      tty: true,
      restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
      volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr: '$(POD)' }],
    };
    const spec = {
      containers: [main],
      initContainers: [{ name: 'sidecar', image: 's', restartPolicy: 'Always' }],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 5,
      activeDeadlineSeconds: 60,
      shareProcessNamespace: true,
      securityContext: { fsGroup: 1, sysctls: [{ name: 'net.core.somaxconn', value: '1' }] },
      hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }],
      readinessGates: [{ conditionType: 'example.com/ready' }],
      os: { name: 'linux' },
      resources: { limits: { cpu: '2' } },
    };
    const host = translated(raw(spec)).spec;
    const { containers, initContainers, ...rest } = spec;
    expect(host).toMatchObject(rest);
    expect(host.containers[0]).toMatchObject(main);
    expect(host.initContainers?.[0]).toMatchObject(initContainers[0] ?? {});
    expect(containers).toHaveLength(1);
  });

  it.each([
    [
      'priorityClassName',
      { priorityClassName: 'system-node-critical', priority: 2_000_000_000, preemptionPolicy: 'Never' },
    ],
    ['overhead', { overhead: { cpu: '1' } }],
    ['subdomain', { subdomain: 'web' }],
    ['dnsPolicy ClusterFirst', { dnsPolicy: 'ClusterFirst' }],
  ])('keeps %s from the host', (_what, spec) => {
    const host: object = translated(raw(spec)).spec;
    for (const [field, value] of Object.entries(spec)) expect(Object.entries(host)).not.toContainEqual([field, value]);
  });

  it.each([
    ['a field of a newer Kubernetes', { shinyNewField: {} }, 'spec.shinyNewField'],
    [
      'such a field deep within',
      { containers: [{ name: 'a', env: [{ name: 'E', valueFrom: { vaultRef: {} } }] }] },
      'spec.containers[0].env[0].valueFrom.vaultRef',
    ],
    [
      'such a field in what is written anew',
      { affinity: { podAffinity: { weird: true } } },
      'spec.affinity.podAffinity.weird',
    ],
    ['an object where a value belongs', { nodeSelector: { a: { b: 'c' } } }, 'spec.nodeSelector'],
    ['resource claims', { resourceClaims: [{ name: 'gpu' }] }, 'spec.resourceClaims'],
    [
      'resource claims of a container',
      { containers: [{ name: 'a', resources: { claims: [{ name: 'gpu' }] } }] },
      'spec.containers[0].resources.claims',
    ],
    ['pod groups', { schedulingGroup: { podGroupName: 'g' } }, 'spec.schedulingGroup'],
    [
      'unknown volumes',
      { volumes: [{ name: 'v', newStorage: { secretRef: { name: 's' } } }] },
      'spec.volumes[0].newStorage',
    ],
    [
      'such a field in an ephemeral container',
      { ephemeralContainers: [{ name: 'd', odd: 1 }] },
      'spec.ephemeralContainers[0].odd',
    ],
  ])('refuses %s and names it', (_what, spec, field) => {
    expect(toHostPod(raw(spec), podContext())).toMatchObject({
      kind: 'refused',
      field,
      message: expect.stringContaining(field),
    });
  });

  it('takes an empty list for none', () => {
    expect(toHostPod(raw({ resourceClaims: [], volumes: null }), podContext()).kind).toBe('object');
  });

  it('is created without ephemeral containers', () => {
    const desired = translated(raw({ ephemeralContainers: [{ name: 'debug', targetContainerName: 'main' }] }));
    expect(desired.spec.ephemeralContainers).toHaveLength(1);
    expect(podToCreate(desired).spec).not.toHaveProperty('ephemeralContainers');
  });
});
