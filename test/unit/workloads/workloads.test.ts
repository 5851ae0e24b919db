import { hostLabelKey, LABELS, shortHostName } from '../../../lib';
import type { SyncOptions } from '../../../lib/spec';
import type { ClusterContext } from '../../../syncer/engine/types';
import { budgetChanges, type PodDisruptionBudget, toHostBudget } from '../../../syncer/workloads/pod-disruption-budget';
import {
  type PriorityClass,
  priorityClassChanges,
  toHostPriorityClass,
} from '../../../syncer/workloads/priority-class';
import {
  type ClaimSurroundings,
  claimToVirtual,
  type ResourceClaim,
  toHostClaim,
} from '../../../syncer/workloads/resource-claim';
import { toHostServiceAccount } from '../../../syncer/workloads/service-account';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const context = (sync: SyncOptions = {}): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({ sync, isolation: { level: 'off' } }),
});

/** The host object, for what can be translated. */
function object<T>(translation: { readonly kind: string; readonly object?: T }): T {
  if (translation.object === undefined) throw new Error(`not translated: ${JSON.stringify(translation)}`);
  return translation.object;
}

const APP = hostLabelKey('app', 'my-vcluster');

describe('a disruption budget', () => {
  const budget = (spec: PodDisruptionBudget['spec'], status?: PodDisruptionBudget['status']): PodDisruptionBudget => ({
    metadata: { name: 'db', namespace: 'prod', uid: 'u1', generation: 2 },
    ...(spec && { spec }),
    ...(status && { status }),
  });

  it('covers the pods of its namespace in this cluster, and no other', () => {
    const host = object(toHostBudget(budget({ minAvailable: 2, selector: { matchLabels: { app: 'db' } } }), context()));
    expect(host.metadata).toMatchObject({ name: 'db-x-prod-x-my-vcluster', namespace: 'vcluster-my-vcluster' });
    expect(host.spec).toEqual({
      minAvailable: 2,
      selector: {
        matchLabels: { [APP]: 'db', [LABELS.managedBy]: 'my-vcluster', [LABELS.namespace]: 'prod' },
      },
    });
  });

  it('with an empty selector covers its whole namespace, without one no pod', () => {
    expect(object(toHostBudget(budget({ minAvailable: 1, selector: {} }), context())).spec?.selector).toEqual({
      matchLabels: { [LABELS.managedBy]: 'my-vcluster', [LABELS.namespace]: 'prod' },
    });
    expect(object(toHostBudget(budget({ minAvailable: 1 }), context())).spec?.selector).toBeUndefined();
  });

  it.each([
    ['maxUnavailable', { maxUnavailable: 1 }],
    ['a percentage', { minAvailable: '50%' }],
  ])('that says %s keeps on the host the number that the virtual cluster worked out', (_what, spec) => {
    const selector = { matchLabels: { app: 'db' } };
    const ready = budget({ ...spec, selector }, { observedGeneration: 2, desiredHealthy: 3 });
    expect(object(toHostBudget(ready, context())).spec).toMatchObject({ minAvailable: 3 });
    const stale = budget({ ...spec, selector }, { observedGeneration: 1, desiredHealthy: 9 });
    expect(toHostBudget(stale, context()).kind).toBe('wait');
  });

  it('is changed in place', () => {
    const before = object(toHostBudget(budget({ minAvailable: 1, selector: {} }), context()));
    const after = object(toHostBudget(budget({ minAvailable: 2, selector: {} }), context()));
    expect(budgetChanges(after, before)).toEqual([{ kind: 'patch', patch: { spec: { minAvailable: 2 } } }]);
    expect(budgetChanges(after, after)).toEqual([]);
  });
});

describe('a priority class', () => {
  const gold: PriorityClass = {
    metadata: { name: 'gold', uid: 'u1' },
    value: 900_000,
    globalDefault: true,
    description: 'important',
  };

  it('gets the name that vCluster gives it, at most the value that is allowed, and no power over others', () => {
    const host = object(toHostPriorityClass(gold, context({ toHost: { priorityClasses: { maxValue: 1000 } } })));
    expect(host).toMatchObject({
      metadata: {
        name: 'vcluster-gold-x-vcluster-my-vcluster-x-my-vcluster',
        labels: { [LABELS.managedBy]: 'vcluster-my-vcluster-x-my-vcluster' },
      },
      value: 1000,
      preemptionPolicy: 'Never',
      description: 'important',
    });
    expect(host.metadata.namespace).toBeUndefined();
  });

  it('may evict others where the declaration says so', () => {
    const host = object(toHostPriorityClass(gold, context({ toHost: { priorityClasses: { preemption: true } } })));
    expect(host).toMatchObject({ value: 900_000, preemptionPolicy: 'PreemptLowerPriority' });
  });

  it('of Kubernetes itself stays where it is', () => {
    const system: PriorityClass = { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 };
    expect(toHostPriorityClass(system, context()).kind).toBe('skip');
  });

  it('is made anew when its value changes', () => {
    const host = object(toHostPriorityClass(gold, context()));
    expect(priorityClassChanges({ ...host, value: 5 }, host)).toMatchObject([{ kind: 'recreate' }]);
    expect(priorityClassChanges({ ...host, description: 'x' }, host)).toMatchObject([{ kind: 'patch' }]);
  });
});

describe('a service account', () => {
  it('reaches the host as a name without a token, whatever else it holds', () => {
    const virtual = {
      metadata: { name: 'ci', namespace: 'prod', uid: 'u1', annotations: { 'eks.amazonaws.com/role-arn': 'x' } },
      secrets: [{ name: 'ci-token' }],
      imagePullSecrets: [{ name: 'registry' }],
      automountServiceAccountToken: true,
    };
    const host = object(toHostServiceAccount(virtual, context()));
    expect(Object.keys(host).sort()).toEqual(['apiVersion', 'automountServiceAccountToken', 'kind', 'metadata']);
    expect(host.automountServiceAccountToken).toBe(false);
    expect(host.metadata.annotations).not.toHaveProperty('eks.amazonaws.com/role-arn');
  });
});

describe('a claim of devices', () => {
  const claim = (request: object): ResourceClaim => ({
    metadata: { name: 'claim', namespace: 'default', uid: 'u1' },
    spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu', ...request } }] } },
  });
  const surroundings: ClaimSurroundings = {
    deviceClass: (name) => (name === 'gpu' ? { metadata: { name, labels: { tier: 'shared' } } } : undefined),
    virtualPod: (_namespace, name) =>
      name === 'web-x-default-x-my-vcluster' ? { name: 'web', uid: 'virtual' } : undefined,
  };

  it('gets a short name, as vCluster gives it', () => {
    expect(shortHostName('claim', 'default', 'my-vcluster')).toBe('v1vgblg3bzuqde');
    expect(object(toHostClaim(claim({}), context(), surroundings)).metadata.name).toBe('v1vgblg3bzuqde');
  });

  it.each([
    ['access to devices of others', { adminAccess: true }, {}, 'spec.devices.requests[0].exactly.adminAccess'],
    [
      'a class that the host does not have',
      { deviceClassName: 'fpga' },
      { fromHost: { deviceClasses: { enabled: true } } },
      'spec.devices.requests[0].exactly.deviceClassName',
    ],
    [
      'a class that is not selected',
      {},
      { fromHost: { deviceClasses: { selector: { matchLabels: { tier: 'own' } } } } },
      'spec.devices.requests[0].exactly.deviceClassName',
    ],
  ])('is refused for %s', (_what, request, sync, field) => {
    expect(toHostClaim(claim(request), context(sync), surroundings)).toMatchObject({ kind: 'refused', field });
  });

  it('shows what was allocated, and its consumers as the tenant knows them', () => {
    const host: ResourceClaim = {
      metadata: { name: 'v1vgblg3bzuqde' },
      status: {
        allocation: { devices: { results: [{ device: 'gpu-0' }] } },
        reservedFor: [
          { resource: 'pods', name: 'web-x-default-x-my-vcluster', uid: 'host' },
          { resource: 'pods', name: 'somebody-elses', uid: 'other' },
        ],
      },
    };
    expect(claimToVirtual(host, claim({}), surroundings)).toEqual([
      {
        kind: 'patch',
        subresource: 'status',
        patch: {
          status: {
            allocation: { devices: { results: [{ device: 'gpu-0' }] } },
            reservedFor: [{ resource: 'pods', name: 'web', uid: 'virtual' }],
          },
        },
      },
    ]);
  });

  it('loses what is allocated no longer', () => {
    const virtual: ResourceClaim = { ...claim({}), status: { allocation: { devices: {} } } };
    expect(claimToVirtual({ metadata: {} }, virtual, surroundings)).toEqual([
      { kind: 'patch', subresource: 'status', patch: { status: { allocation: null } } },
    ]);
  });
});
