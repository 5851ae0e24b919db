import { LABELS, POD_SECURITY_LABEL } from '../../lib/contract';
import { podSecurityViolations } from '../../syncer/isolation/pod-security';
import { describeObject } from '../kube/types';
import { found } from './found';
import type { AuditCheck } from './types';

/** What holds for the cluster as a whole. */
export const BOUNDARY_CHECKS: readonly AuditCheck[] = [
  {
    id: 'isolation',
    promise: 'isolation is declared, and on',
    check({ isolation }) {
      if (isolation === undefined)
        return found('fail', ['nothing declares it: nothing of the tenant’s is synced'], 'apply its IsolationPolicy');
      if (isolation.level === 'off') return found('fail', ['its level is off'], "declare isolation.level 'baseline'");
      const open = isolation.level === 'privileged' ? ['its level is privileged: pods may do what they like'] : [];
      const { allow } = isolation.podSecurity;
      const exceptions = Object.entries(allow)
        .filter(([, list]) => list.length > 0)
        .map(([what]) => `it makes exceptions: allow.${what}`);
      return found('warn', [...open, ...exceptions], 'use nodes of their own or a sandboxed runtime for these tenants');
    },
  },
  {
    id: 'namespace-label',
    promise: "the host's own admission demands the same of the namespace",
    check({ hostNamespace, isolation }) {
      const label = hostNamespace?.metadata?.labels?.[POD_SECURITY_LABEL];
      const wanted = isolation === undefined || isolation.level === 'off' ? 'privileged' : isolation.level;
      const isWeaker = ORDER.indexOf(label ?? 'privileged') < ORDER.indexOf(wanted);
      const problem = `the namespace has ${label === undefined ? 'no label' : `the label`} ${POD_SECURITY_LABEL}${label === undefined ? '' : `=${label}`}`;
      return found('warn', isWeaker ? [problem] : [], `label it ${POD_SECURITY_LABEL}=${wanted}`);
    },
  },
  {
    id: 'control-plane-pod',
    promise: 'the control-plane pod meets the standard restricted',
    check({ controlPlane }) {
      const spec = controlPlane.spec?.template?.spec ?? { containers: [] };
      const violations = podSecurityViolations({ metadata: {}, spec }, { level: 'restricted' });
      return found(
        'fail',
        violations.map(({ message }) => message),
        'apply the manifests of the declaration again',
      );
    },
  },
  {
    id: 'network-policies',
    promise: "a network policy says whom tenants' pods may talk to",
    check({ name, networkPolicies }) {
      if (networkPolicies === undefined) return { outcome: 'skipped', why: 'network policies may not be read' };
      const selectsAll = ({ spec }: (typeof networkPolicies)[number]) => {
        const { matchLabels = {}, matchExpressions = [] } = spec?.podSelector ?? {};
        return (
          matchLabels[LABELS.managedBy] === name && Object.keys(matchLabels).length + matchExpressions.length === 1
        );
      };
      const problems = networkPolicies.some(selectsAll) ? [] : ['none selects all of them'];
      return found('warn', problems, 'declare isolation.network, and use a network plugin that enforces policies');
    },
  },
  {
    id: 'external-ips',
    promise: "no Service of a tenant takes addresses of the host's network",
    check({ services }) {
      const taking = services.filter(({ spec }) => (spec?.externalIPs?.length ?? 0) > 0);
      return found(
        'warn',
        taking.map((service) => `${describeObject(service)}: ${service.spec?.externalIPs?.join(', ')}`),
        'leave them to load balancers',
      );
    },
  },
];

const ORDER = ['privileged', 'baseline', 'restricted'];
