import { clusterNames, LABELS } from '../../lib';
import { podSecurityViolations } from '../../syncer/isolation/pod-security';
import { RESOURCES } from '../../syncer/kube/resources';
import type { Resource } from '../../syncer/kube/types';
import type { TestObject } from '../api/support/api';
import type { Pair } from '../api/support/pair';

/** The kinds that a tenant's objects become. */
const KINDS: readonly (readonly [kind: string, resource: Resource])[] = [
  ['Pod', RESOURCES.pods],
  ['Service', RESOURCES.services],
  ['ConfigMap', RESOURCES.configMaps],
  ['Secret', RESOURCES.secrets],
  ['PersistentVolumeClaim', RESOURCES.persistentVolumeClaims],
  ['Ingress', RESOURCES.ingresses],
  ['NetworkPolicy', RESOURCES.networkPolicies],
  ['PodDisruptionBudget', RESOURCES.podDisruptionBudgets],
  ['ServiceAccount', RESOURCES.serviceAccounts],
  ['EndpointSlice', RESOURCES.endpointSlices],
];

/** Every object of the cluster's host namespace. */
export async function hostObjects({ host, namespace }: Pair): Promise<readonly TestObject[]> {
  const lists = KINDS.map(async ([kind, resource]) =>
    (await host.list(resource, namespace)).map((object): TestObject => ({ ...object, kind })),
  );
  return (await Promise.all(lists)).flat();
}

/** `Kind/name`. */
export function idOf({ kind, metadata }: TestObject): string {
  return `${kind}/${metadata.name}`;
}

/** What is wrong with what is on the host: a line for each object. `before` was there before the tenant did anything. */
export function unexpected(
  objects: readonly TestObject[],
  before: ReadonlyMap<string, TestObject>,
  pair: Pair,
): readonly string[] {
  const found = new Map(objects.map((object) => [idOf(object), object]));
  return [
    ...[...before].flatMap(([id, object]) => changed(id, object, found.get(id))),
    ...objects.flatMap((object) => (before.has(idOf(object)) ? [] : problemsOf(object, pair))),
  ];
}

/** The platform's own objects stay byte for byte, but for what their controllers count up. */
function changed(id: string, before: TestObject, now: TestObject | undefined): readonly string[] {
  if (now === undefined) return [`${id} is gone`];
  if (now.kind === 'EndpointSlice') return [];
  const essence = ({ metadata: { uid, labels }, data, spec, rules }: TestObject) =>
    JSON.stringify({ uid, labels, data, spec, rules });
  return essence(before) === essence(now) ? [] : [`${id} was changed`];
}

function problemsOf(object: TestObject, { name }: Pair): readonly string[] {
  const { labels = {}, ownerReferences = [], finalizers = [] } = object.metadata;
  const byHost = labels['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io';
  const isNode = labels[LABELS.belongsTo] === name;
  if (byHost || isNode) return [];
  const { controlPlane, workloadServiceAccount } = clusterNames(name);
  const isOwned = ownerReferences.length === 1 && ownerReferences[0]?.name === controlPlane;
  const problems = [
    ...(labels[LABELS.managedBy] === name ? [] : ['has no mark of this cluster']),
    ...(isOwned ? [] : ['has other owners than the cluster']),
    ...finalizers.filter((one) => !one.startsWith('kubernetes.io/')).map((one) => `has the finalizer ${one}`),
    ...(object.kind === 'Pod' ? podProblems(object, workloadServiceAccount) : []),
    ...(object.kind === 'Service' && object.spec.externalIPs?.length > 0 ? ['takes external addresses'] : []),
  ];
  return problems.map((problem) => `${idOf(object)} ${problem}`);
}

function podProblems({ metadata: { annotations }, spec }: TestObject, account: string): readonly string[] {
  const pod = { metadata: { ...(annotations && { annotations }) }, spec };
  return [
    ...podSecurityViolations(pod, { level: 'baseline' }).map(({ message }) => message),
    ...(spec.serviceAccountName === account ? [] : [`runs as ${spec.serviceAccountName}`]),
    ...(spec.automountServiceAccountToken === false ? [] : ['gets a token by itself']),
    ...(JSON.stringify(spec.volumes ?? []).includes('serviceAccountToken') ? ['mounts a token of the host'] : []),
  ];
}
