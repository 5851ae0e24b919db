import { matchesKey } from '../../lib/contract';
import type { StringMap } from '../engine/metadata';
import { hostPlace } from '../engine/placement';
import type { ClusterContext, Warning } from '../engine/types';
import { hostAlbAction, hostAlbConditions } from './alb-annotations';

/** What becomes of the annotations of an Ingress that name other objects. */
export interface NamingAnnotations {
  /** Under their final keys, with the host's names. */
  readonly annotations: StringMap;
  /** Secrets of the tenant's namespace that they name. */
  readonly secrets: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Annotations whose value is a Secret: `name`, or `namespace/name`. */
const SECRET_KEYS: readonly string[] = [
  'nginx.ingress.kubernetes.io/auth-secret',
  'nginx.ingress.kubernetes.io/auth-tls-secret',
  'nginx.ingress.kubernetes.io/proxy-ssl-secret',
  'haproxy.org/auth-secret',
  'haproxy-ingress.github.io/auth-secret',
  'haproxy-ingress.github.io/auth-tls-secret',
];

/** Annotations whose value is a Service of the same namespace. */
const SERVICE_KEYS: readonly string[] = ['nginx.ingress.kubernetes.io/default-backend'];

/** Annotations whose key ends in the name of a Service, or of what stands in place of one as a backend. */
const ALB_ACTIONS = 'alb.ingress.kubernetes.io/actions.';
const ALB_CONDITIONS = 'alb.ingress.kubernetes.io/conditions.';

/** Whether an annotation names another object, so that it can't pass as it is. */
export function namesAnObject(key: string): boolean {
  return (
    SECRET_KEYS.includes(key) ||
    SERVICE_KEYS.includes(key) ||
    key.startsWith(ALB_ACTIONS) ||
    key.startsWith(ALB_CONDITIONS)
  );
}

/** The annotations that name other objects, as far as the declaration lets them pass, with the host's names. */
export function namingAnnotations(annotations: StringMap, namespace: string, ctx: ClusterContext): NamingAnnotations {
  const allowed = ctx.sections.sync.annotations.toHost.ingresses ?? [];
  const passed: { [key: string]: string } = {};
  const secrets: string[] = [];
  const warnings: Warning[] = [];
  const placeOf = (name: string) => hostPlace(name, namespace, ctx);
  for (const [key, value] of Object.entries(annotations)) {
    if (!namesAnObject(key) || !matchesKey(allowed, key)) continue;
    if (SECRET_KEYS.includes(key)) {
      const secret = ownSecret(value, namespace);
      if (secret === undefined) {
        warnings.push(notCopied(key, 'it names a Secret of another namespace'));
        continue;
      }
      const place = placeOf(secret);
      passed[key] = value.includes('/') ? `${place.namespace}/${place.name}` : place.name;
      secrets.push(secret);
    } else if (SERVICE_KEYS.includes(key)) {
      passed[key] = placeOf(value).name;
    } else {
      const prefix = key.startsWith(ALB_ACTIONS) ? ALB_ACTIONS : ALB_CONDITIONS;
      const nameOf = (name: string) => placeOf(name).name;
      const text = prefix === ALB_ACTIONS ? hostAlbAction(value, nameOf) : hostAlbConditions(value);
      if (text === undefined) warnings.push(notCopied(key, 'its value is none that may pass'));
      else passed[`${prefix}${nameOf(key.slice(prefix.length))}`] = text;
    }
  }
  return { annotations: passed, secrets, warnings };
}

function ownSecret(value: string, namespace: string): string | undefined {
  const [first = '', second, more] = value.split('/');
  if (second === undefined) return first === '' ? undefined : first;
  return first === namespace && second !== '' && more === undefined ? second : undefined;
}

function notCopied(key: string, why: string): Warning {
  return { reason: 'AnnotationNotCopied', message: `metadata.annotations[${key}]: it stays behind, as ${why}.` };
}
