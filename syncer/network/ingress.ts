import type { IngressBackend, IngressRule, IngressSpec, IngressStatus } from 'kubernetes-types/networking/v1';
import { mergePatch, subsetEqual } from '../engine/diff';
import { hostMetadata } from '../engine/metadata';
import { pick } from '../engine/pick';
import { hostNameOf } from '../engine/placement';
import type { Change, ClusterContext, Reference, Translation } from '../engine/types';
import { denial } from '../isolation/rules';
import { RESOURCES } from '../kube/resources';
import type { KubeObject } from '../kube/types';
import { checkHostnames, type HostnameClaimant } from './hostnames';
import { hostnamesOfIngress } from './hostnames-of';
import { namesAnObject, namingAnnotations } from './ingress-annotations';
import { chooseClass, type TrafficClass } from './ingress-class';

/** An Ingress, as far as it is copied. */
export interface Ingress extends KubeObject {
  readonly spec?: IngressSpec;
  readonly status?: IngressStatus;
}

/** What the translation of an Ingress must know of the host. */
export interface IngressSurroundings {
  ingressClasses(): readonly TrafficClass[];
  /** Whether this cluster has a host name. @default - no claims are made */
  readonly claimant?: HostnameClaimant;
}

const KIND = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' } as const;

/** By which Ingresses named their class before they had a field for it; controllers still heed it. */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The host's Ingress for a virtual one: the same hosts and paths, leading to the host's copies of the same Services. */
export function toHostIngress(
  v: Ingress,
  ctx: ClusterContext,
  { ingressClasses, claimant }: IngressSurroundings,
): Translation<Ingress> {
  const { namespace = '', annotations = {} } = v.metadata;
  const { ingressClassName, tls } = v.spec ?? {};
  const resource = resourceBackend(v.spec);
  if (resource !== undefined) return refused(resource, 'only Services can be backends');

  const oldName = ingressClassName === undefined ? annotations[CLASS_ANNOTATION] : undefined;
  const choice = chooseClass(ingressClassName ?? oldName, ctx, ingressClasses);
  const classField = oldName === undefined ? 'spec.ingressClassName' : `metadata.annotations[${CLASS_ANNOTATION}]`;
  if (choice.kind === 'refused') return refusedClass(classField, choice.why, ctx);
  const check = checkHostnames(hostnamesOfIngress(v, ctx), ctx, claimant);
  if (check.kind !== 'fine') return check;

  const naming = namingAnnotations(annotations, namespace, ctx);
  const plain = Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !namesAnObject(key) && key !== CLASS_ANNOTATION),
  );
  const backend = (one: IngressBackend) => hostBackend(one, namespace, ctx);
  const metadata = hostMetadata({ ...v, metadata: { ...v.metadata, annotations: plain } }, ctx, {
    kind: KIND,
    kindAnnotation: false,
    annotations: { ...naming.annotations, ...(oldName !== undefined && { [CLASS_ANNOTATION]: oldName }) },
  });
  const left = steeringKeys(annotations).filter(
    (key) => !namesAnObject(key) && metadata.annotations[key] === undefined,
  );
  return {
    kind: 'object',
    object: {
      ...KIND,
      metadata,
      spec: {
        ...(choice.kind === 'class' && oldName === undefined && { ingressClassName: choice.name }),
        ...(v.spec?.defaultBackend && { defaultBackend: backend(v.spec.defaultBackend) }),
        ...(v.spec?.rules && { rules: v.spec.rules.map((rule) => hostRule(rule, backend)) }),
        ...(tls && {
          tls: tls.map(({ hosts, secretName }) => ({
            ...(hosts && { hosts }),
            ...(secretName && { secretName: hostNameOf(secretName, namespace, ctx) }),
          })),
        }),
      },
    },
    warnings: [
      ...naming.warnings,
      ...left.map((key) => ({
        reason: 'AnnotationNotCopied',
        message: `metadata.annotations[${key}]: it stays behind, as it is none of those that may pass.`,
      })),
    ],
  };
}

/** The Secrets that an Ingress names: certificates, and those of its annotations. */
export function ingressReferences(v: Ingress, ctx: ClusterContext): readonly Reference[] {
  const { namespace = '', annotations = {} } = v.metadata;
  const certificates = (v.spec?.tls ?? []).flatMap(({ secretName }) => (secretName ? [secretName] : []));
  const named = namingAnnotations(annotations, namespace, ctx).secrets;
  return [...new Set([...certificates, ...named])].map((name) => ({
    resource: RESOURCES.secrets,
    name,
    optional: true,
  }));
}

/** The writes that bring the host's Ingress to what is desired. */
export function ingressChanges(desired: Ingress, current: Ingress): readonly Change[] {
  const patch = mergePatch(desired, current, [
    'spec.ingressClassName',
    'spec.defaultBackend',
    ...['spec.rules', 'spec.tls'].map((path) => ({ path, hostAssigned: [] })),
  ]);
  const wanted = desired.metadata.annotations ?? {};
  const stale = Object.keys(current.metadata.annotations ?? {}).filter(
    (key) => (namesAnObject(key) || key === CLASS_ANNOTATION) && wanted[key] === undefined,
  );
  const unset = Object.fromEntries(stale.map((key) => [key, null]));
  return [
    ...(patch === undefined ? [] : [{ kind: 'patch', patch } as const]),
    ...(stale.length === 0 ? [] : [{ kind: 'patch', patch: { metadata: { annotations: unset } } } as const]),
  ];
}

/** The writes that bring the addresses under which the host serves an Ingress to the virtual one. */
export function ingressToVirtual(host: Ingress, virtual: Ingress): readonly Change[] {
  const desired = host.status?.loadBalancer?.ingress ?? [];
  const current = virtual.status?.loadBalancer?.ingress ?? [];
  if (subsetEqual(desired, current) && subsetEqual(current, desired)) return [];
  const ingress = desired.length > 0 ? desired : null;
  return [{ kind: 'patch', subresource: 'status', patch: { status: { loadBalancer: { ingress } } } }];
}

function hostRule({ host, http }: IngressRule, backend: (one: IngressBackend) => IngressBackend): IngressRule {
  return {
    ...(host && { host }),
    ...(http && {
      http: {
        paths: http.paths.map((one) => ({
          ...pick(one, ['path']),
          pathType: one.pathType,
          backend: backend(one.backend),
        })),
      },
    }),
  };
}

function hostBackend({ service }: IngressBackend, namespace: string, ctx: ClusterContext): IngressBackend {
  if (service === undefined) return {};
  return { service: { name: hostNameOf(service.name, namespace, ctx), ...pick(service, ['port']) } };
}

/** The field of the first backend that is an object other than a Service. */
function resourceBackend(spec: IngressSpec | undefined): string | undefined {
  if (spec?.defaultBackend?.resource !== undefined) return 'spec.defaultBackend.resource';
  for (const [index, { http }] of (spec?.rules ?? []).entries()) {
    const position = http?.paths.findIndex(({ backend }) => backend.resource !== undefined) ?? -1;
    if (position >= 0) return `spec.rules[${index}].http.paths[${position}].backend.resource`;
  }
  return undefined;
}

/** Annotations meant for ingress controllers, which tenants expect to do something. */
function steeringKeys(annotations: { readonly [key: string]: string }): readonly string[] {
  return Object.keys(annotations).filter((key) => CONTROLLERS.test(key.slice(0, Math.max(0, key.indexOf('/')))));
}

/** The prefixes of ingress-nginx, AWS, Traefik, HAProxy, Contour, Kong, GCE and Azure. */
const CONTROLLERS =
  /^((nginx|alb|traefik)\.ingress\.kubernetes\.io|nginx\.org|haproxy\.org|haproxy-ingress\.github\.io|projectcontour\.io|konghq\.com|networking\.gke\.io|appgw\.ingress\.kubernetes\.io)$/;

function refusedClass(field: string, why: string, ctx: ClusterContext): Translation<Ingress> {
  const { enabled } = ctx.sections.sync.fromHost.ingressClasses;
  if (enabled) return refused(field, why);
  return { kind: 'refused', reason: 'FieldNotAllowed', field, message: denial('classes.ingress', field, why) };
}

function refused(field: string, why: string): Translation<Ingress> {
  return { kind: 'refused', reason: 'FieldNotAllowed', field, message: `${field}: ${why}.` };
}
