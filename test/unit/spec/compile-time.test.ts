import * as pulumi from '@pulumi/pulumi';
import type { z } from 'zod';
import { type NodePolicyOptions, Persistence, type PolicyOption, Store, type VirtualClusterSpec } from '../../../lib';
import * as fromPulumi from '../../../lib/pulumi';
import type { Later } from '../../../lib/spec/markers';
import type { DeclaredSpec, virtualClusterSchema } from '../../../lib/spec/virtual-cluster';

/*
 * Promises about types, kept by `tsc`: a line below `@ts-expect-error` that compiles is an error. Nothing of it runs.
 */

/** A type without what zod and hand-written types say differently: `readonly`, and `undefined` in optional fields. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T;
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? (A extends B ? true : false) : false;
type Simplify<T> = T extends readonly (infer Item)[]
  ? Simplify<Item>[]
  : T extends object
    ? { [Key in keyof T]: Simplify<T[Key]> }
    : T;

type Declared = Simplify<Plain<DeclaredSpec>>;
/** What the schema takes from adapters, which leave values for later. */
type Postponed = Simplify<Plain<DeclaredSpec<string | Later, number | Later, boolean | Later>>>;
type Input = Simplify<Plain<z.input<typeof virtualClusterSchema>>>;
type Output = Simplify<Plain<z.output<typeof virtualClusterSchema>>>;

/** The schema and the types that users see say the same, and of each leaf whether its value may come later. */
const schemaMatchesTypes: readonly [Same<Input, Postponed>, Same<Output, Declared>] = [true, true];
/** The comparison itself tells a difference, also deep down. */
const comparisonTells: Same<Input, Simplify<Postponed & { dns?: { replicas?: string } }>> = false;
/** It tells also whether a leaf may come later. */
const comparisonTellsLater: Same<Input, Simplify<Plain<DeclaredSpec<string | Later>>>> = false;

const connection = { secretName: 'db' };
const eitherStore = () => (Date.now() > 0 ? Store.sqlite() : Store.postgres({ connection }));

function plain(): readonly VirtualClusterSpec[] {
  return [
    { name: 'a', store: Store.sqlite({ persistence: Persistence.volumeClaim({ size: '1Gi' }) }) },
    { name: 'a', store: Store.sqlite({ persistence: Persistence.ephemeral() }) },
    // @ts-expect-error a virtual cluster has a name
    {},
    // @ts-expect-error fields are spelled as they are
    { name: 'a', namspace: 'b' },
    // @ts-expect-error only versions that were tested can be chosen
    { name: 'a', kubernetes: { version: '1.30' } },
    // @ts-expect-error nothing is kept of an ephemeral store, so it has no size
    { name: 'a', store: { kind: 'sqlite', persistence: { kind: 'ephemeral', size: '1Gi' } } },
    // @ts-expect-error the factory of an ephemeral store takes nothing
    { name: 'a', store: Store.sqlite({ persistence: Persistence.ephemeral({ size: '1Gi' }) }) },
    // @ts-expect-error a store that is not offered
    { name: 'a', store: { kind: 'oracle' } },
    // @ts-expect-error an etcd outside has addresses and certificates
    { name: 'a', store: { kind: 'etcd' } },
    // @ts-expect-error a password stands in a Secret, not in a declaration
    { name: 'a', store: Store.postgres({ connection: 'postgres://user:password@db/team-a' }) },
    // @ts-expect-error the pod of a SQLite store, which is the default, cannot be replicated
    { name: 'a', controlPlane: { replicas: 3 } },
    // @ts-expect-error the pod of a SQLite store cannot be replicated
    { name: 'a', store: Store.sqlite(), controlPlane: { replicas: 3 } },
    // @ts-expect-error a store outside has no volume
    { name: 'a', store: Store.mysql({ connection, persistence: Persistence.ephemeral() }) },
    { name: 'a', store: Store.sqlite(), controlPlane: { replicas: 1 } },
    { name: 'a', store: Store.postgres({ connection }), controlPlane: { replicas: 3 } },
    { name: 'a', store: Store.mysql({ connection }), controlPlane: { replicas: 3, extraSans: ['a'] } },
    { name: 'a', store: eitherStore() },
    // @ts-expect-error which of both stores it is decides whether there can be more than one
    { name: 'a', store: eitherStore(), controlPlane: { replicas: 3 } },
    // @ts-expect-error a node port belongs to a Service of that type
    { name: 'a', controlPlane: { service: { type: 'ClusterIP', nodePort: 30_000 } } },
    // @ts-expect-error an exact toleration has a value
    { name: 'a', controlPlane: { tolerations: [{ operator: 'Equal', key: 'a' }] } },
    // @ts-expect-error a toleration of any value has none
    { name: 'a', controlPlane: { tolerations: [{ operator: 'Exists', key: 'a', value: 'b' }] } },
    { name: 'a', nodes: { mode: 'selected', selector: { pool: 'a' }, scheduling: { by: 'own' } } },
    // @ts-expect-error nodes are selected only in the modes of that name
    { name: 'a', nodes: { mode: 'all', selector: { pool: 'a' } } },
    // @ts-expect-error nodes that are selected are so by something
    { name: 'a', nodes: { mode: 'selectedInUse' } },
    // @ts-expect-error a scheduler needs nodes that are there before its pods
    { name: 'a', nodes: { mode: 'realInUse', scheduling: { by: 'own' } } },
    // @ts-expect-error only selected nodes are nodes to stay on
    { name: 'a', nodes: { mode: 'all', scheduling: { by: 'hostOnSelected' } } },
    // @ts-expect-error an output stands only in a Pulumi program
    { name: 'a', namespace: pulumi.output('b') },
  ];
}

function withOutputs(): readonly fromPulumi.VirtualClusterArgs[] {
  const later = pulumi.output('x');
  return [
    { namespace: later, controlPlane: { extraSans: ['a', later], nodeSelector: { pool: later } } },
    {
      store: fromPulumi.Store.sqlite({
        persistence: fromPulumi.Persistence.volumeClaim({ size: '1Gi', storageClass: later }),
      }),
    },
    {
      store: fromPulumi.Store.etcd({ endpoints: [later], tls: { secretName: later }, prefix: later }),
      controlPlane: { replicas: pulumi.output(3) },
    },
    // @ts-expect-error the pod of a SQLite store cannot be replicated
    { controlPlane: { replicas: pulumi.output(3) } },
    {
      dns: { replicas: pulumi.output(2), upstream: [later] },
      controlPlane: { service: { type: 'NodePort', nodePort: pulumi.output(30_000) } },
      nodes: { mode: 'selectedInUse', selector: { pool: later }, hide: { labels: [later] } },
      sync: {
        toHost: {
          pods: { enforceNodeSelector: { pool: later }, serviceLinks: pulumi.output(false) },
          priorityClasses: { maxValue: pulumi.output(1), preemption: pulumi.output(true) },
        },
        fromHost: { ingressClasses: { selector: { names: [later], matchLabels: { tier: later } } } },
        labels: { preserve: [later] },
        annotations: { toHost: { services: [later] } },
      },
      serviceMappings: {
        toHost: [{ virtual: { namespace: later, name: later }, host: { name: 'web' } }],
        fromHost: [{ virtual: { namespace: 'default', name: 'db' }, host: { namespace: 'shared', name: later } }],
      },
      customResources: {
        toHost: [{ definition: 'foos.example.com', version: 'v1', kind: 'Foo', annotations: { toHost: [later] } }],
      },
    },
    { endpoint: { via: 'nodePort', hostname: later, nodePort: pulumi.output(30_443) } },
    // @ts-expect-error a kind that is on takes rights on the host
    { sync: { toHost: { ingresses: { enabled: pulumi.output(true) } } } },
    // @ts-expect-error the syncer's rights name the Secret
    { sync: { fromHost: { secrets: { mappings: [{ host: { name: later }, virtual: { namespace: 'a' } }] } } } },
    {
      // @ts-expect-error the syncer needs rights in that namespace
      serviceMappings: { toHost: [{ virtual: { namespace: 'a', name: 'b' }, host: { namespace: later, name: 'c' } }] },
    },
    // @ts-expect-error what is made is called by a name that is known
    { serviceMappings: { toHost: [{ virtual: { namespace: 'a', name: 'b' }, host: { name: later } }] } },
    // @ts-expect-error host namespaces decide where the syncer may write
    { namespaces: { mode: 'perNamespace', hostPattern: later } },
    // @ts-expect-error what tenants may change on the host's nodes is known
    { nodes: { mode: 'realInUse', toHost: { labels: [later] } } },
    // @ts-expect-error the name decides what the objects are called
    { name: later },
    // @ts-expect-error whether there is a namespace decides which objects exist
    { createNamespace: pulumi.output(true) },
  ];
}

function policies(): readonly (NodePolicyOptions | fromPulumi.NodeSyncPolicyArgs | PolicyOption)[] {
  return [
    'serviceMappings',
    { mode: 'selected', selector: { pool: 'a' }, scheduling: { by: 'hostOnSelected' } },
    // @ts-expect-error a store belongs to the control plane, not to a policy
    'store',
    // @ts-expect-error a scheduler of the virtual cluster's own is part of the control plane
    { mode: 'all', scheduling: { by: 'own' } },
    // @ts-expect-error nodes are selected only in the modes of that name
    { mode: 'all', selector: { pool: 'a' } },
    { cluster: { name: 'a', namespace: pulumi.output('b') }, mode: 'all' },
    // @ts-expect-error the same in Pulumi
    { cluster: { name: 'a' }, mode: 'all', scheduling: { by: 'own' } },
  ];
}

it('types are checked by tsc', () => {
  expect([...schemaMatchesTypes, comparisonTells, comparisonTellsLater]).toEqual([true, true, false, false]);
  expect([plain, withOutputs, policies]).toHaveLength(3);
});
