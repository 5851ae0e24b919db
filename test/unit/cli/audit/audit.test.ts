import { audit } from '../../../../cli/audit/audit';
import type { AuditFacts } from '../../../../cli/audit/types';
import { clusterNames, LABELS, POD_SECURITY_LABEL, resolveSpec } from '../../../../lib';
import { generate } from '../../../../lib/manifests';

const NAME = 'team-a';
const NAMESPACE = 'vcluster-team-a';
const names = clusterNames(NAME);

/** What a cluster that is as declared looks like. */
function facts(wishes: Partial<AuditFacts> = {}): AuditFacts {
  const spec = resolveSpec({ name: NAME });
  const objects = generate(spec).map(({ object }) => object);
  const ofKind = <T>(kind: string) =>
    objects.filter((object) => object.kind === kind) as readonly unknown[] as readonly T[];
  const [controlPlane] = ofKind<AuditFacts['controlPlane']>('StatefulSet');
  if (controlPlane === undefined) throw new Error('the manifests have no control plane');
  const [hostNamespace] = ofKind<NonNullable<AuditFacts['hostNamespace']>>('Namespace');
  return {
    name: NAME,
    namespace: NAMESPACE,
    controlPlane,
    hostNamespace,
    isolation: spec.sections.isolation,
    pods: [pod()],
    services: [],
    networkPolicies: [
      { metadata: { name: 'all' }, spec: { podSelector: { matchLabels: { [LABELS.managedBy]: NAME } } } },
    ],
    roles: ofKind('Role'),
    bindings: ofKind('RoleBinding'),
    clusterRoles: [],
    clusterBindings: [],
    ...wishes,
  };
}

const pod = (spec: object = {}) => ({
  kind: 'Pod',
  metadata: { name: 'web-x-default-x-team-a' },
  spec: {
    serviceAccountName: names.workloadServiceAccount,
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: 'nginx' }],
    ...spec,
  },
});
const subjects = (name: string) => [{ kind: 'ServiceAccount', name, namespace: NAMESPACE }];
const role = (rule: object) => ({ kind: 'Role', metadata: { name: 'extra' }, rules: [{ verbs: ['get'], ...rule }] });
const bindingOf = (account: string) => ({
  kind: 'RoleBinding',
  metadata: { name: 'extra' },
  subjects: subjects(account),
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'extra' },
});

describe('an audit', () => {
  it('finds nothing in a cluster that is as its declaration makes it', () => {
    expect(audit(facts()).filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  });

  it.each<[string, Partial<AuditFacts>, string, 'warn' | 'fail', RegExp]>([
    ['isolation is off', { isolation: { version: 1, level: 'off' } }, 'isolation', 'fail', /off/],
    ['isolation is missing', { isolation: undefined }, 'isolation', 'fail', /nothing declares it/],
    [
      'there are exceptions',
      {
        isolation: resolveSpec({ name: NAME, isolation: { allow: { sysctls: ['net.core.somaxconn'] } } }).sections
          .isolation,
      },
      'isolation',
      'warn',
      /allow\.sysctls/,
    ],
    [
      'the namespace has no label',
      { hostNamespace: { metadata: { name: NAMESPACE } } },
      'namespace-label',
      'warn',
      /no label/,
    ],
    [
      'the label asks for less',
      { hostNamespace: { metadata: { name: NAMESPACE, labels: { [POD_SECURITY_LABEL]: 'privileged' } } } },
      'namespace-label',
      'warn',
      /privileged/,
    ],
    ['a pod is on the host network', { pods: [pod({ hostNetwork: true })] }, 'pod-security', 'fail', /hostNetwork/],
    [
      'a pod runs as another account',
      { pods: [pod({ serviceAccountName: 'x' })] },
      'pod-identity',
      'fail',
      /runs as x/,
    ],
    ['a pod gets a token', { pods: [pod({ automountServiceAccountToken: true })] }, 'pod-identity', 'fail', /token/],
    [
      'a pod mounts a token',
      { pods: [pod({ volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] })] },
      'pod-identity',
      'fail',
      /mounts a token/,
    ],
    [
      'a pod mounts the keys',
      { pods: [pod({ volumes: [{ name: 'k', secret: { secretName: names.certsSecret } }] })] },
      'control-plane-secrets',
      'fail',
      /team-a-certs/,
    ],
    ['no network policy selects the pods', { networkPolicies: [] }, 'network-policies', 'warn', /none/],
    [
      'a Service takes an address',
      { services: [{ kind: 'Service', metadata: { name: 's' }, spec: { externalIPs: ['1.2.3.4'] } }] },
      'external-ips',
      'warn',
      /1\.2\.3\.4/,
    ],
    [
      'the syncer got a wildcard',
      { roles: [role({ apiGroups: ['*'], resources: ['pods'] })], bindings: [bindingOf(names.serviceAccount)] },
      'syncer-rights',
      'fail',
      /wildcard/,
    ],
    [
      'the syncer may escalate',
      {
        roles: [role({ apiGroups: [''], resources: ['roles'], verbs: ['escalate'] })],
        bindings: [bindingOf(names.serviceAccount)],
      },
      'syncer-rights',
      'fail',
      /escalate/,
    ],
    [
      'somebody bound the account of the pods',
      { bindings: [bindingOf(names.workloadServiceAccount)] },
      'workload-rights',
      'fail',
      /binds it/,
    ],
  ])('finds that %s', (_, wishes, check, outcome, problem) => {
    const entry = audit(facts(wishes)).find((one) => one.check === check);
    expect(entry).toMatchObject({ outcome, note: expect.stringMatching(/./) });
    expect(entry?.problems.join('\n')).toMatch(problem);
  });

  it('says what it could not check', () => {
    const skipped = audit(facts({ roles: undefined, clusterBindings: undefined, networkPolicies: undefined }))
      .filter(({ outcome }) => outcome === 'skipped')
      .map(({ check }) => check);
    expect(skipped).toEqual(['network-policies', 'syncer-rights', 'workload-rights']);
  });
});
