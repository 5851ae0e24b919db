import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Service } from 'kubernetes-types/core/v1';
import { generate, type Manifest, planChanges, resolveSpec, type VirtualClusterSpec } from '../../../../lib';

const quantity = fc.constantFrom('1Gi', '5Gi', '20Gi');
const label = fc.constantFrom('a', 'b', 'c');
const persistence = fc.oneof(
  fc.record(
    { kind: fc.constant('volumeClaim' as const), size: quantity, whenDeleted: fc.constantFrom('retain', 'delete') },
    { requiredKeys: ['kind'] },
  ),
  fc.constant({ kind: 'ephemeral' as const }),
);
const service = fc.oneof(
  fc.constant({ type: 'ClusterIP' as const }),
  fc.record({ type: fc.constant('NodePort' as const), nodePort: fc.constantFrom(30_443, 30_444) }),
  fc.record(
    {
      type: fc.constant('LoadBalancer' as const),
      loadBalancerClass: fc.constantFrom('x.example/one', 'x.example/two'),
      annotations: fc.dictionary(label, label),
    },
    { requiredKeys: ['type'] },
  ),
);
const endpoint = fc.oneof(
  fc.record(
    {
      via: fc.constant('loadBalancer' as const),
      hostname: fc.constantFrom('a.example', 'b.example'),
      loadBalancerClass: fc.constantFrom('x.example/one', 'x.example/two'),
    },
    { requiredKeys: ['via', 'hostname'] },
  ),
  fc.record({
    via: fc.constant('nodePort' as const),
    hostname: fc.constant('a.example'),
    nodePort: fc.constantFrom(30_445, 30_446),
  }),
);
const switched = fc.record({ enabled: fc.boolean() });

/** Declarations of one virtual cluster, in all that shapes its objects. */
const declaration = fc.record(
  {
    name: fc.constant('team-a'),
    namespace: fc.constantFrom('one', 'two'),
    createNamespace: fc.boolean(),
    kubernetes: fc.record({ version: fc.constantFrom('1.33', '1.36', '1.37') }),
    store: fc.record({ kind: fc.constant('sqlite'), persistence }),
    controlPlane: fc.record(
      {
        service,
        nodeSelector: fc.dictionary(label, label),
        podAnnotations: fc.dictionary(label, label),
        extraSans: fc.uniqueArray(fc.constantFrom('a.example', 'b.example')),
        syncer: fc.record({ logLevel: fc.constantFrom('info', 'debug') }),
      },
      { requiredKeys: [] },
    ),
    endpoint,
    dns: fc.record({ replicas: fc.integer({ min: 1, max: 3 }) }),
    images: fc.record({ pullSecrets: fc.uniqueArray(label), workloadPullSecrets: fc.uniqueArray(label) }),
    sync: fc.record({
      toHost: fc.record(
        { ingresses: switched, networkPolicies: switched, serviceAccounts: switched, storageClasses: switched },
        { requiredKeys: [] },
      ),
    }),
    nodes: fc.constantFrom({ mode: 'fake' }, { mode: 'all' }, { mode: 'all', scheduling: { by: 'own' } }),
  },
  { requiredKeys: ['name'] },
) as fc.Arbitrary<VirtualClusterSpec>;

const objectsOf = (spec: VirtualClusterSpec): readonly Manifest[] =>
  generate(resolveSpec(spec)).map(({ object }) => object);

/**
 * The part of an object that an API server lets nobody change, told independently of the plan: by what its own update
 * strategies allow (`ValidateStatefulSetUpdate`, `ValidateServiceUpdate`, `ValidateRoleBindingUpdate`).
 */
function fixedPart(object: Manifest): unknown {
  switch (object.kind) {
    case 'StatefulSet': {
      const { spec } = object as Manifest & Required<Pick<StatefulSet, 'spec'>>;
      const { replicas, template, updateStrategy, persistentVolumeClaimRetentionPolicy, minReadySeconds, ...rest } =
        spec;
      return rest;
    }
    case 'Service': {
      const { spec } = object as Manifest & Required<Pick<Service, 'spec'>>;
      const { type, loadBalancerClass } = spec;
      return [spec.clusterIP, type === 'LoadBalancer' ? { loadBalancerClass } : type];
    }
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return object.roleRef;
    default:
      return undefined;
  }
}

/** A Service whose type changes may get or lose a load balancer class with it. */
function mayDiffer(before: Manifest, after: Manifest): boolean {
  const typeOf = ({ spec }: Manifest) => (spec as Service['spec'])?.type;
  return before.kind === 'Service' && typeOf(before) !== typeOf(after);
}

const keyOf = ({ kind, metadata: { namespace = '', name } }: Manifest) => `${kind} ${namespace}/${name}`;

describe('any two versions of a declaration', () => {
  it('never change an immutable field without the plan saying so', () => {
    fc.assert(
      fc.property(declaration, declaration, (one, other) => {
        const [before, after] = [objectsOf(one), objectsOf(other)];
        const plan = planChanges(after, before, { current: 'declared' });
        for (const object of after) {
          const previous = before.find((candidate) => keyOf(candidate) === keyOf(object));
          if (previous === undefined || mayDiffer(previous, object)) continue;
          if (isDeepStrictEqual(fixedPart(previous), fixedPart(object))) continue;
          const planned = plan.changes.find(
            (change) => keyOf({ ...change.object, metadata: change.object }) === keyOf(object),
          );
          expect(['recreate', 'dataLoss']).toContain(planned?.effect);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never move or lose the store without the plan calling it data loss', () => {
    const storeOf = (objects: readonly Manifest[]) => {
      const found = objects.find(({ kind }) => kind === 'StatefulSet') as Manifest & StatefulSet;
      return [found.metadata.namespace, (found.spec?.volumeClaimTemplates ?? []).length];
    };
    fc.assert(
      fc.property(declaration, declaration, (one, other) => {
        const [before, after] = [objectsOf(one), objectsOf(other)];
        const { summary } = planChanges(after, before, { current: 'declared' });
        if (!isDeepStrictEqual(storeOf(before), storeOf(after))) expect(summary.dataLoss).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('say the same exactly where the plan says that nothing changes', () => {
    fc.assert(
      fc.property(declaration, declaration, (one, other) => {
        const [before, after] = [objectsOf(one), objectsOf(other)];
        const { changes } = planChanges(after, before, { current: 'declared' });
        expect(changes.every(({ effect }) => effect === 'none')).toBe(isDeepStrictEqual(before, after));
        expect(planChanges(after, after, { current: 'running' }).summary.none).toBe(after.length);
      }),
      { numRuns: 300 },
    );
  });
});
