import { stringify } from 'yaml';
import type { AuditScope } from '../types';

/** The policy file of an API server whose audit log tells of these requests. */
export function renderAuditPolicy(scope: Exclude<AuditScope, false>): string {
  return stringify({
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: scope === true ? [{ level: 'Metadata' }] : OF_SERVICE_ACCOUNTS,
  });
}

const OF_SERVICE_ACCOUNTS = [
  // The API server makes some hundred roles for itself.
  { level: 'None', users: ['system:apiserver'] },
  {
    level: 'RequestResponse',
    verbs: ['create', 'update', 'patch'],
    resources: [
      {
        group: 'rbac.authorization.k8s.io',
        resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
      },
    ],
  },
  { level: 'Metadata', userGroups: ['system:serviceaccounts'] },
  { level: 'None' },
];
