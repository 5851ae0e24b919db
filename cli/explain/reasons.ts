import { hostNameOf } from '../../syncer/engine/placement';
import type { ClusterContext } from '../../syncer/engine/types';
import { NAMES_COPY, podFieldReason } from './translator-reasons';

/** A field that differs, of a certain object. */
export interface ReasonedField {
  readonly kind: string;
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly namespace: string | undefined;
}

/** Why a field differs, and by which option. */
export interface Reason {
  readonly why: string;
  readonly option?: string;
}

interface Rule extends Reason {
  /** Absent: of every kind. */
  readonly kind?: string;
  readonly path: RegExp;
  /** @default whatever became of it */
  readonly when?: 'dropped' | 'added' | 'rewritten';
}

const RULES: readonly Rule[] = [
  { path: /^metadata\.name$/, why: 'names on the host tell virtual namespace and cluster' },
  { path: /^metadata\.namespace$/, why: 'where this virtual namespace lies on the host', option: 'namespaces' },
  { path: /^metadata\.labels/, when: 'added', why: 'marks by which the syncer and selectors find it' },
  {
    path: /^metadata\.labels/,
    why: "no selector of the host may find it by a tenant's label",
    option: 'sync.labels.preserve',
  },
  { path: /^metadata\.annotations/, when: 'added', why: 'marks by which the syncer knows whose it is' },
  {
    path: /^metadata\.annotations/,
    when: 'dropped',
    why: 'controllers of the host act on annotations, so only chosen ones pass',
    option: 'sync.annotations.toHost',
  },
  { path: /^metadata\.ownerReferences/, when: 'added', why: 'it goes when the virtual cluster does' },
  { path: /^metadata\.(ownerReferences|finalizers)/, why: 'it is for controllers of the virtual cluster alone' },
  { path: /^metadata\.generateName/, why: 'the virtual API server has chosen the name' },
  {
    kind: 'NetworkPolicy.networking.k8s.io',
    path: /^spec\.(egress|ingress)(?!.*Selector)/,
    why: 'only what isolation allows counts on the host',
    option: 'isolation.network',
  },
  {
    kind: 'Pod',
    path: /\[(sublet-hosts|\/etc\/hosts)\]/,
    why: 'a helper writes /etc/hosts, so that pods with a subdomain know their full name',
    option: 'sync.toHost.pods.rewriteHosts',
  },
  {
    kind: 'Pod',
    path: /^spec\.(initC|c)ontainers\[[^\]]+\]\.resources/,
    when: 'added',
    why: 'containers that name no amount get the declared one',
    option: 'isolation.limits',
  },
  {
    kind: 'Pod',
    path: /^spec\.(initC|c|ephemeralC)ontainers\[[^\]]+\]\.image$/,
    why: 'images come from another registry',
    option: 'sync.toHost.pods.translateImages',
  },
  {
    kind: 'Pod',
    path: /^spec\.(initC|c|ephemeralC)ontainers\[[^\]]+\]\.env/,
    when: 'added',
    why: 'it tells of Services of the virtual cluster',
    option: 'sync.toHost.pods.serviceLinks',
  },
  {
    kind: 'Pod',
    path: /\.projected\.sources\[\d+\]\.secret$/,
    when: 'added',
    why: 'what the virtual cluster gives a pod reaches it in a Secret of its own',
  },
  {
    kind: 'Pod',
    path: /^spec\.tolerations/,
    why: 'the declaration demands it',
    option: 'sync.toHost.pods.enforceTolerations',
  },
  {
    kind: 'Pod',
    path: /^spec\.nodeSelector/,
    why: 'the declaration demands it',
    option: 'sync.toHost.pods.enforceNodeSelector',
  },
  {
    kind: 'Pod',
    path: /^spec\.priorityClassName/,
    why: 'only classes that are offered to tenants count on the host',
    option: 'sync.toHost.pods.priorityClasses',
  },
  {
    kind: 'Pod',
    path: /^spec\.runtimeClassName/,
    why: 'the declaration sets the class of pods that name none',
    option: 'sync.toHost.pods.runtimeClasses.default',
  },
  { kind: 'Pod', path: /^spec\.affinity/, why: 'it means nodes and pods of this virtual cluster only' },
  { kind: 'Service', path: /^spec\.selector/, when: 'added', why: 'it finds pods of this virtual namespace only' },
  { kind: 'Service', path: /^spec\.externalIPs/, why: "by it a tenant could take others' traffic (CVE-2020-8554)" },
  { kind: 'Service', path: /^spec\.loadBalancerIP/, why: 'by it a tenant could claim the address of somebody else' },
  { kind: 'Service', path: /^spec\.clusterIPs/, why: 'both sides have the same address' },
  { kind: 'Secret', path: /^type$/, why: 'the host would issue a token of an account of its own' },
  {
    kind: 'PriorityClass.scheduling.k8s.io',
    path: /^value$/,
    why: 'the declaration caps it',
    option: 'sync.toHost.priorityClasses.maxValue',
  },
  {
    kind: 'PriorityClass.scheduling.k8s.io',
    path: /^preemptionPolicy$/,
    why: "a tenant's pods evict nobody else's",
    option: 'sync.toHost.priorityClasses.preemption',
  },
  { kind: 'PriorityClass.scheduling.k8s.io', path: /^globalDefault$/, why: "it is never the host's default" },
  { kind: 'ServiceAccount', path: /./, why: 'on the host the account has neither tokens nor secrets' },
  {
    kind: 'Gateway.gateway.networking.k8s.io',
    path: /^spec\.(addresses|infrastructure)/,
    why: "addresses and infrastructure are the host's business",
  },
  { path: /selector|podSelector|namespaceSelector|Selector\./, why: 'it means objects of this virtual cluster only' },
];

/** Why a field is not on the host as the tenant wrote it. */
export function reasonOf(field: ReasonedField, context: ClusterContext): Reason {
  const when = field.from === undefined ? 'added' : field.to === undefined ? 'dropped' : 'rewritten';
  const rule = RULES.find(
    ({ kind = field.kind, path, when: only = when }) => kind === field.kind && only === when && path.test(field.path),
  );
  const known = rule === undefined ? undefined : { why: rule.why, ...(rule.option && { option: rule.option }) };
  if (isRenaming(field, context)) return field.path === 'metadata.name' && known ? known : { why: NAMES_COPY };
  const pod = field.kind === 'Pod' ? podFieldReason(field.path) : undefined;
  return known ?? { why: pod ?? FALLBACK[when] };
}

const FALLBACK = {
  added: 'the syncer writes it for every object of this kind',
  dropped: 'it is none of the fields that reach the host',
  rewritten: 'it means something else on the host',
} as const;

/** Whether a value is the host's name for the object that the tenant names. */
function isRenaming({ from, to, namespace }: ReasonedField, context: ClusterContext): boolean {
  if (typeof from !== 'string' || typeof to !== 'string' || from === to) return false;
  const names = [undefined, 'ResourceClaim'].flatMap((kind) => [
    hostNameOf(from, namespace ?? '', context, kind),
    hostNameOf(from, undefined, context, kind),
  ]);
  return names.includes(to);
}
