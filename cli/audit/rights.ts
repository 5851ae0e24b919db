import type { PolicyRule, Subject } from 'kubernetes-types/rbac/v1';
import { clusterNames } from '../../lib/contract';
import { describeObject } from '../kube/types';
import { found } from './found';
import type { AuditCheck, AuditedBinding, AuditedRole, AuditFacts } from './types';

/** What holds for the rights of the syncer and of tenants' pods on the host. */
export const RIGHTS_CHECKS: readonly AuditCheck[] = [
  {
    id: 'syncer-rights',
    promise: 'the syncer has no right that makes it an admin of the host',
    check(facts) {
      const { bindings, roles, clusterBindings, clusterRoles } = facts;
      if (bindings === undefined || roles === undefined) return UNREADABLE;
      const account = clusterNames(facts.name).serviceAccount;
      const own = rolesOf(account, facts, bindings, [...roles, ...(clusterRoles ?? [])]);
      const wide = rolesOf(account, facts, clusterBindings ?? [], clusterRoles ?? []);
      const problems = [
        ...own.flatMap((role) => badRules(role).map((why) => `${describeObject(role)}: ${why}`)),
        ...wide.flatMap((role) =>
          [...badRules(role), ...badEverywhere(role)].map((why) => `${describeObject(role)}: ${why}`),
        ),
      ];
      return found(
        'fail',
        problems,
        'apply the manifests of the declaration again; no one else should bind this account',
      );
    },
  },
  {
    id: 'workload-rights',
    promise: "the account of tenants' pods has no right on the host",
    check(facts) {
      const { bindings, clusterBindings } = facts;
      if (bindings === undefined || clusterBindings === undefined) return UNREADABLE;
      const account = clusterNames(facts.name).workloadServiceAccount;
      const problems = [...bindings, ...clusterBindings]
        .filter(({ subjects = [] }) => subjects.some((subject) => isAccount(subject, account, facts.namespace)))
        .map((binding) => `${describeObject(binding)} binds it to ${binding.roleRef.name}`);
      return found('fail', problems, 'delete the binding');
    },
  },
];

const UNREADABLE = { outcome: 'skipped', why: 'the identity in use may not read roles and their bindings' } as const;

function rolesOf(
  account: string,
  { namespace }: AuditFacts,
  bindings: readonly AuditedBinding[],
  roles: readonly AuditedRole[],
): readonly AuditedRole[] {
  const bound = bindings.filter(({ subjects = [] }) =>
    subjects.some((subject) => subject.name === account && isAccount(subject, account, namespace)),
  );
  return roles.filter((role) =>
    bound.some(({ roleRef }) => roleRef.kind === role.kind && roleRef.name === role.metadata?.name),
  );
}

/** Whether a binding names the account, or a group that holds all accounts of its namespace. Those of everybody don't count. */
function isAccount({ kind, name, namespace }: Subject, account: string, own: string): boolean {
  if (kind === 'ServiceAccount') return name === account && namespace === own;
  return kind === 'Group' && name === `system:serviceaccounts:${own}`;
}

const SELF_MADE_RIGHTS = ['escalate', 'bind', 'impersonate'];

function badRules({ rules = [] }: AuditedRole): readonly string[] {
  return rules.flatMap((rule) => [
    ...[...(rule.apiGroups ?? []), ...(rule.resources ?? []), ...rule.verbs].flatMap((word) =>
      word === '*' ? ['has a wildcard'] : [],
    ),
    ...SELF_MADE_RIGHTS.filter((verb) => rule.verbs.includes(verb)).map((verb) => `may ${verb}`),
    ...(rule.resources?.includes('nodes/proxy') ? ['may use nodes/proxy'] : []),
  ]);
}

/** What may only be had in single namespaces. */
function badEverywhere({ rules = [] }: AuditedRole): readonly string[] {
  const reads = (rule: PolicyRule) => rule.resources?.includes('secrets') === true && rule.resourceNames === undefined;
  return rules
    .filter(reads)
    .map(() => 'may use the Secrets of every namespace (with host namespaces by pattern it must)');
}
