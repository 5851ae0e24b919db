import * as z from 'zod';
import { type ImportSelector, isStorageShown } from '../../lib/contract';
import type { ResolvedSpec } from '../../lib/spec';
import { isSelected } from '../../syncer/engine/selected';
import { apiVersionOf, RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject, Resource } from '../../syncer/kube/types';
import { DNS_SERVICE_KEY } from '../../syncer/pods/context';
import type { Service } from '../../syncer/services/types';
import { placeholder } from './cluster-context';
import { kindOf, kindOfResource } from './kind-of';

/** A kind of the host whose objects tenants choose by name. */
interface NamedClass {
  /** Fields that name one. */
  readonly fields: readonly string[];
  readonly resource: Resource;
  readonly shown: (spec: ResolvedSpec) => { readonly enabled: boolean; readonly selector: ImportSelector };
  /** By which annotation one of them is the default. */
  readonly defaultMark?: string;
}

const CLASSES: readonly NamedClass[] = [
  {
    fields: ['ingressClassName', 'kubernetes.io/ingress.class'],
    resource: RESOURCES.ingressClasses,
    shown: ({ sections }) => sections.sync.fromHost.ingressClasses,
    defaultMark: 'ingressclass.kubernetes.io/is-default-class',
  },
  {
    fields: ['gatewayClassName'],
    resource: RESOURCES.gatewayClasses,
    shown: ({ sections }) => sections.sync.fromHost.gatewayClasses,
  },
  {
    fields: ['storageClassName', 'volume.beta.kubernetes.io/storage-class'],
    resource: RESOURCES.storageClasses,
    shown: ({ sections }) => ({
      enabled: isStorageShown('storageClasses', sections),
      selector: sections.sync.fromHost.storageClasses.selector,
    }),
    defaultMark: 'storageclass.kubernetes.io/is-default-class',
  },
  {
    fields: ['volumeAttributesClassName'],
    resource: RESOURCES.volumeAttributesClasses,
    shown: ({ sections }) => sections.sync.fromHost.volumeAttributesClasses,
  },
  {
    fields: ['volumeSnapshotClassName'],
    resource: RESOURCES.volumeSnapshotClasses,
    shown: ({ sections }) => sections.sync.fromHost.volumeSnapshotClasses,
    defaultMark: 'snapshot.storage.kubernetes.io/is-default-class',
  },
  {
    fields: ['runtimeClassName'],
    resource: RESOURCES.runtimeClasses,
    shown: ({ sections }) => sections.sync.fromHost.runtimeClasses,
  },
  {
    fields: ['priorityClassName'],
    resource: RESOURCES.priorityClasses,
    shown: ({ sections }) => sections.sync.fromHost.priorityClasses,
  },
  {
    fields: ['deviceClassName'],
    resource: RESOURCES.deviceClasses,
    shown: ({ sections }) => sections.sync.fromHost.deviceClasses,
  },
];

/** The classes of the host that objects name, taken to exist and, where labels decide that, to be shown. */
export function assumedClasses(objects: readonly KubeObject[], spec: ResolvedSpec): readonly KubeObject[] {
  return CLASSES.flatMap(({ fields, resource, shown, defaultMark }) => {
    const { enabled, selector } = shown(spec);
    if (!enabled) return [];
    const named = new Set(objects.flatMap((object) => namesIn(object, fields)));
    const classes = [...named].map((name) => classOf(resource, name, selector));
    if (defaultMark === undefined) return classes;
    const name = selector.names?.[0] ?? placeholder(`the default ${resource.kind}`);
    return [...classes, classOf(resource, name, selector, { [defaultMark]: 'true' })];
  });
}

/** What is said of an object whose class is only assumed. */
export function classAssumptions(object: KubeObject, spec: ResolvedSpec): readonly string[] {
  return CLASSES.flatMap(({ fields, resource, shown }) => {
    const { enabled, selector } = shown(spec);
    if (!enabled) return [];
    return namesIn(object, fields)
      .filter((name) => isSelected(classOf(resource, name, selector), selector))
      .map((name) => `${resource.kind} ${name} exists on the host and is among those that are shown`);
  });
}

/** What every virtual cluster has, and what the given objects take for granted there. */
export function assumedVirtual(objects: readonly KubeObject[], spec: ResolvedSpec): readonly KubeObject[] {
  const has = (kind: string, name: string) =>
    objects.some((object) => kindOf(object) === kind && object.metadata.name === name);
  const namespaces = new Set(['default', 'kube-system', ...objects.map(({ metadata }) => metadata.namespace ?? '')]);
  const missing = [...namespaces].filter((name) => name !== '' && !has('Namespace', name));
  const nodes = new Set(objects.flatMap((object) => namesIn(object, ['nodeName'])));
  return [
    ...missing.map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    })),
    ...[...nodes].map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } })),
    dnsService(),
    ...ownClasses(objects, spec),
    ...parents(objects),
  ];
}

function dnsService(): Service {
  const [namespace = '', name = ''] = DNS_SERVICE_KEY.split('/');
  const spec = { clusterIP: placeholder(`ClusterIP of ${DNS_SERVICE_KEY}`), ports: [] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}

/** Where tenants have storage classes of their own, those that claims name. */
function ownClasses(objects: readonly KubeObject[], { sections }: ResolvedSpec): readonly KubeObject[] {
  if (!sections.sync.toHost.storageClasses.enabled) return [];
  const given = objects.filter((object) => kindOf(object) === kindOfResource(RESOURCES.storageClasses));
  const known = new Set(given.map(({ metadata }) => metadata.name));
  const named = new Set(objects.flatMap((object) => namesIn(object, ['storageClassName'])));
  return [...named].filter((name) => !known.has(name)).map((name) => classOf(RESOURCES.storageClasses, name, {}));
}

/** Gateways that routes name, taken to have listeners that take them. */
function parents(objects: readonly KubeObject[]): readonly KubeObject[] {
  const gateway = kindOfResource(RESOURCES.gateways);
  const given = new Set(objects.filter((object) => kindOf(object) === gateway).map(keyIn('')));
  const named = objects.flatMap((object) => parentsOf(object).map(keyIn(object.metadata.namespace ?? '')));
  return [...new Set(named)]
    .filter((key) => !given.has(key))
    .map((key) => {
      const [namespace = '', name = ''] = key.split('/');
      return { apiVersion: apiVersionOf(RESOURCES.gateways), kind: 'Gateway', metadata: { namespace, name } };
    });
}

function parentsOf(object: KubeObject): readonly { readonly name?: string; readonly namespace?: string }[] {
  const parsed = PARENTS.safeParse(object);
  return parsed.success ? parsed.data.spec.parentRefs.filter(({ kind = 'Gateway' }) => kind === 'Gateway') : [];
}

const PARENTS = z.looseObject({
  spec: z.looseObject({
    parentRefs: z.array(
      z.object({ kind: z.string().optional(), name: z.string(), namespace: z.string().exactOptional() }),
    ),
  }),
});

function keyIn(home: string) {
  return (one: KubeObject | { readonly name?: string; readonly namespace?: string }): string => {
    const { namespace = home, name = '' } = 'metadata' in one ? one.metadata : one;
    return `${namespace}/${name}`;
  };
}

function classOf(
  resource: Resource,
  name: string,
  { matchLabels = {}, matchExpressions = [] }: ImportSelector,
  annotations: { readonly [key: string]: string } = {},
): KubeObject {
  const needed = matchExpressions.flatMap(({ key, operator, values = [] }) => {
    if (operator === 'In') return [[key, values[0] ?? '']];
    return operator === 'Exists' ? [[key, '']] : [];
  });
  const labels = { ...Object.fromEntries(needed), ...matchLabels };
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata: { name, labels, annotations } };
}

/** The values of fields of these names, wherever they stand. */
function namesIn(value: unknown, fields: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (fields.includes(key) && typeof member === 'string' && member !== '') return [member];
    return namesIn(member, fields);
  });
}
