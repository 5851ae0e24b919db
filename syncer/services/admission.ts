import { ANNOTATIONS } from '../../lib/contract';
import { belongsTo } from '../engine/ownership';
import { identityOf, patchedTranslation } from '../engine/patching';
import { placing } from '../engine/placement';
import { scrub } from '../engine/scrub';
import { hostQuotaText } from '../engine/tenant-text';
import type { Change, ClusterContext } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import {
  type JsonPatchOperation,
  reviewAnswer,
  type ServiceRequest,
  serviceReview,
  type Verdict,
} from './admission-review';
import { serviceChanges } from './changes';
import { portsWithNodePortsOf } from './node-ports';
import { toHostService } from './translate';
import type { Service } from './types';

/** What became of a write on the host. */
export type HostAnswer =
  | { readonly kind: 'done'; readonly service: Service }
  /** An object of that name is there already (only when creating). */
  | { readonly kind: 'exists'; readonly service: Service }
  /** The host's API server said no: HTTP status, reason and message of its `Status`. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly message: string }
  /** The virtual cluster may not hold that much. The message is for the tenant. */
  | { readonly kind: 'noRoom'; readonly message: string }
  | { readonly kind: 'unreachable' };

/** The host's Services, as admission writes them. None of these throws. */
export interface ServiceHost {
  create(service: Service): Promise<HostAnswer>;
  /** Applies changes to an existing Service, so that it becomes the desired one. */
  change(existing: Service, changes: readonly Change[], desired: Service): Promise<HostAnswer>;
  /** Deletes exactly this Service (by UID) and creates another in its place. */
  replace(existing: Service, service: Service): Promise<HostAnswer>;
}

/** What {@link admitService} works with. */
export interface AdmissionDependencies {
  readonly context: ClusterContext;
  readonly host: ServiceHost;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  /** Whether the virtual cluster has a service CIDR of each IP family. @default false */
  readonly dualStack?: boolean;
}

/** Whether a Service gets its addresses from the host before it is stored. */
export type AdmissionDecision =
  | { readonly kind: 'pass'; readonly reason: string }
  /** `desired` must first exist on the host. */
  | {
      readonly kind: 'allocate';
      readonly virtual: Service;
      readonly desired: Service;
      /** What stays behind, for the tenant to read at once. */
      readonly warnings: readonly string[];
    };

/**
 * Answers the API server about a new Service (or one that stops being an ExternalName): its host Service is made first,
 * and the virtual one gets the same ClusterIP and node ports. Where the host can't be asked, the Service passes as it
 * is and the engine evens things out later; where the host says no, the tenant hears it in the API server's own words.
 * @throws ZodError when the review has not the form of `admission.k8s.io/v1`
 */
export async function admitService(review: unknown, deps: AdmissionDependencies): Promise<{ [key: string]: unknown }> {
  const { request } = serviceReview.parse(review);
  const decision = decideAdmission(request, deps.context, deps.now());
  const verdict = decision.kind === 'pass' ? PASS : await allocate(decision, deps);
  return { ...reviewAnswer(request.uid, verdict) };
}

/** Decides by the request alone whether the host must be asked. Pure. */
export function decideAdmission(request: ServiceRequest, ctx: ClusterContext, now: number): AdmissionDecision {
  const { operation, object, oldObject, dryRun, namespace } = request;
  if (dryRun) return pass('a dry run changes nothing');
  if (!object || (operation !== 'CREATE' && operation !== 'UPDATE')) return pass('nothing is created');
  if (operation === 'UPDATE' && oldObject?.spec?.type !== 'ExternalName') return pass('it has its addresses already');
  if (!object.metadata.name) return pass('the API server makes the name only after admission');
  if (object.spec?.clusterIP === 'None') return pass('a headless Service needs no address');
  const { uid, ...metadata } = object.metadata;
  const virtual: Service = {
    ...object,
    metadata: { ...metadata, namespace, ...(operation === 'UPDATE' && uid !== undefined && { uid }) },
  };
  // What is not ours to use must not be touched; a host namespace that is still to come is waited for by the engine.
  if (placing(namespace, ctx) !== 'now') return pass('its namespace is not on the host');
  const translation = patchedTranslation(toHostService(virtual, ctx), RESOURCES.services, virtual, ctx.patches);
  if (translation.kind !== 'object') return pass(translation.reason);
  const warnings = (translation.warnings ?? []).map(({ message }) => message);
  return { kind: 'allocate', virtual, desired: pending(translation.object, now), warnings };
}

/** The patch that gives a virtual Service what its host Service was given. Pure. */
export function allocationPatch(virtual: Service, host: Service, dualStack = false): readonly JsonPatchOperation[] {
  const { clusterIP, clusterIPs = [], healthCheckNodePort } = host.spec ?? {};
  const operations: JsonPatchOperation[] = [];
  if (clusterIP && clusterIP !== virtual.spec?.clusterIP) {
    operations.push({ op: 'add', path: '/spec/clusterIP', value: clusterIP });
    operations.push({ op: 'add', path: '/spec/clusterIPs', value: dualStack ? clusterIPs : [clusterIP] });
  }
  const ports = portsWithNodePortsOf(host, virtual);
  if (ports !== undefined) operations.push({ op: 'add', path: '/spec/ports', value: ports });
  if (healthCheckNodePort && !virtual.spec?.healthCheckNodePort) {
    operations.push({ op: 'add', path: '/spec/healthCheckNodePort', value: healthCheckNodePort });
  }
  return operations;
}

const PASS: Verdict = { kind: 'allow', patch: [], warnings: [] };

const NOT_ASKED = {
  kind: 'allow',
  patch: [],
  warnings: ['The address of this Service could not be reserved yet: its ClusterIP and node ports may still change.'],
} satisfies Verdict;

async function allocate(
  { virtual, desired, warnings }: AdmissionDecision & { kind: 'allocate' },
  deps: AdmissionDependencies,
): Promise<Verdict> {
  const created = await deps.host.create(desired);
  const answer = created.kind === 'exists' ? await takeOver(virtual, desired, created.service, deps) : created;
  switch (answer.kind) {
    case 'done': {
      const { patches } = deps.context;
      const back = patches?.apply(RESOURCES.services, 'toVirtual', answer.service, identityOf(virtual));
      if (back?.kind === 'failed') return NOT_ASKED;
      return {
        kind: 'allow',
        patch: allocationPatch(virtual, back?.object ?? answer.service, deps.dualStack),
        warnings,
      };
    }
    case 'refused':
      return refusal(virtual, desired, answer, deps.context);
    case 'exists':
      return PASS;
    case 'noRoom':
      return { ...NOT_ASKED, warnings: [answer.message, ...NOT_ASKED.warnings] };
    case 'unreachable':
      return NOT_ASKED;
  }
}

/** A host Service of that name is there: of an earlier attempt, of the object being replaced, or somebody else's. */
async function takeOver(
  virtual: Service,
  desired: Service,
  existing: Service,
  { context, host }: AdmissionDependencies,
): Promise<HostAnswer> {
  const belonging = belongsTo(existing, virtual, context);
  if (belonging === 'foreign' || belonging === 'other') return NAME_TAKEN;
  if (belonging === 'previous' || existing.metadata.deletionTimestamp !== undefined) {
    return { kind: 'exists', service: existing };
  }
  const asked = desired.spec?.clusterIP;
  if (asked !== undefined && asked !== existing.spec?.clusterIP) return host.replace(existing, desired);
  const changes = serviceChanges(desired, existing);
  return changes.length === 0 ? { kind: 'done', service: existing } : host.change(existing, changes, desired);
}

const NAME_TAKEN: HostAnswer = {
  kind: 'refused',
  status: 409,
  reason: 'AlreadyExists',
  message: 'another object already uses the name that this Service would get outside of this cluster: rename it',
};

/** What `ApiError` puts before the words of the server: method, path, status and reason. */
const OUR_REQUEST = /^[A-Z]+ \/\S*: \d{3}(?: [A-Za-z]+)?: /;

/** The host's own words where they are about the Service; a trouble of ours is no reason to refuse it. */
function refusal(
  virtual: Service,
  desired: Service,
  answer: HostAnswer & { kind: 'refused' },
  ctx: ClusterContext,
): Verdict {
  const { status, reason, message } = answer;
  const quota = status === 403 ? hostQuotaText(message) : undefined;
  if (quota !== undefined) return { kind: 'deny', code: status, reason, message: quota };
  const isAboutIt = answer === NAME_TAKEN || status === 422;
  if (!isAboutIt) return NOT_ASKED;
  const { name = '', namespace = '' } = virtual.metadata;
  const text = scrub(message.replace(OUR_REQUEST, ''), [
    [desired.metadata.name ?? '', name],
    [desired.metadata.namespace ?? ctx.hostNamespace, namespace],
  ]);
  return { kind: 'deny', code: status, reason, message: text };
}

function pending(desired: Service, now: number): Service {
  const { metadata } = desired;
  const since = { [ANNOTATIONS.pendingSince]: new Date(now).toISOString() };
  return { ...desired, metadata: { ...metadata, annotations: { ...metadata.annotations, ...since } } };
}

function pass(reason: string): AdmissionDecision {
  return { kind: 'pass', reason };
}
