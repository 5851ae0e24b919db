import type { AbsenceGuard } from '../engine/absence';
import { annotationsToVirtual } from '../engine/host-annotations';
import { type Hold, NoRoom, QUOTA_EXCEEDED } from '../engine/host-gate';
import type { Outcome } from '../engine/kind';
import { applyChanges } from '../engine/kind-syncer';
import { belongsTo, ownership } from '../engine/ownership';
import { identityOf, PATCH_FAILED } from '../engine/patching';
import { hostKeyOf, placing } from '../engine/placement';
import type { Recorder } from '../engine/recorder';
import type { ReferenceIndex } from '../engine/references';
import { type Side, splitKey } from '../engine/side';
import { refusalOfHost } from '../engine/tenant-text';
import type { ClusterContext, Translation } from '../engine/types';
import { limitedPod } from '../isolation/quota/container-limits';
import { ApiError } from '../kube/api-error';
import { RESOURCES } from '../kube/resources';
import type { ObjectKey, Resource } from '../kube/types';
import { placedBy } from '../scheduling/placed-by';
import { allowedChanges } from './allowed-changes';
import type { PodCertificates } from './certificates/pod-certificates';
import { readinessGatesToHost } from './conditions';
import { type PodSurroundings, podContext } from './context';
import { type PodDecision, type PodFacts, podLifecycle } from './lifecycle';
import { PodSecrets } from './pod-secret';
import { podReferences } from './references';
import { refusedStatus } from './refused-status';
import { statusToVirtual } from './status';
import { podToCreate } from './to-host-pod';
import type { TokenDependencies } from './token-secret';
import { podTranslation } from './translation';
import type { Pod } from './types';

/** What {@link PodSync} works with. */
export interface PodSyncDependencies {
  readonly context: ClusterContext;
  readonly surroundings: PodSurroundings;
  readonly virtual: Side<Pod>;
  readonly host: Side<Pod>;
  readonly absence: AbsenceGuard;
  readonly references: ReferenceIndex;
  readonly recorder: Recorder;
  readonly tokens: TokenDependencies;
  readonly certificates: PodCertificates;
  /** Brings a referenced object to the host, so that a new pod does not wait for it. */
  ensureReferenced(resource: Resource, key: ObjectKey, signal: AbortSignal): Promise<void>;
  /** Makes sure that the virtual node exists to which a pod is about to be bound. */
  ensureNode(name: string): Promise<void>;
  /** Looks at a pod again after this many milliseconds. */
  again(key: ObjectKey, milliseconds: number): void;
}

/** What was found out about absences so far. */
type Known = Omit<PodFacts, 'hostBelongs' | 'placedBy'>;

/** Brings the two sides of one pod in line: carries out what {@link podLifecycle} decides. */
export class PodSync {
  readonly #secrets: PodSecrets;

  constructor(private readonly deps: PodSyncDependencies) {
    this.#secrets = new PodSecrets(deps);
  }

  hostKeyOf(key: ObjectKey): ObjectKey {
    return hostKeyOf(key, this.deps.context);
  }

  /** The virtual pod that a host pod stands for, undefined if it is not of this cluster. */
  virtualKeyOf(host: Pod): ObjectKey | undefined {
    const owner = ownership(host, this.deps.context);
    return owner.kind === 'ours' ? owner.key : undefined;
  }

  /**
   * Takes the next steps in the life of one pod.
   * @throws ApiError | SubletError when a request fails: the caller tries again
   */
  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    const virtual = this.deps.virtual.get(key);
    const host = this.deps.host.get(this.hostKeyOf(key));
    // A pod refers to what it names until both its sides are gone.
    if (virtual !== undefined || host === undefined) trackReferences(this.deps.references, key, virtual);
    if (virtual === undefined && host === undefined) return this.#secrets.remove(key, signal);
    const when = host === undefined ? placing(virtual?.metadata.namespace, this.deps.context) : 'now';
    if (when === 'later') return { kind: 'waiting', reason: 'its namespace is not on the host yet' };
    if (when === 'never') return { kind: 'unchanged' };
    return this.#carryOut(key, virtual, host, signal, { virtualAbsence: 'unconfirmed', hostAbsence: 'unconfirmed' });
  }

  async #carryOut(
    key: ObjectKey,
    virtual: Pod | undefined,
    host: Pod | undefined,
    signal: AbortSignal,
    known: Known,
  ): Promise<Outcome> {
    const decision = podLifecycle(virtual, host, {
      ...known,
      hostBelongs: this.#belonging(virtual, host),
      placedBy: virtual === undefined ? 'host' : placedBy(virtual, this.deps.context.sections.nodes),
    });
    switch (decision.kind) {
      case 'nothing':
        return { kind: 'unchanged' };
      case 'confirm':
        return this.#confirm(decision.side, key, virtual, host, signal, known);
      case 'create':
        return virtual === undefined ? { kind: 'unchanged' } : this.#create(key, virtual, signal);
      case 'bind':
        if (virtual === undefined || host === undefined) return { kind: 'unchanged' };
        await this.#bind(virtual, decision.node);
        return this.#sync(key, virtual, host, false);
      case 'sync':
        if (virtual === undefined || host === undefined) return { kind: 'unchanged' };
        return this.#sync(key, virtual, host, decision.terminating);
      case 'deleteHost':
      case 'deleteVirtual':
        return this.#delete(key, decision);
      case 'conflict':
        if (virtual !== undefined) this.#warn(virtual, 'NameTaken', decision.reason);
        return { kind: 'conflict', reason: decision.reason };
    }
  }

  async #confirm(
    side: 'virtual' | 'host',
    key: ObjectKey,
    virtual: Pod | undefined,
    host: Pod | undefined,
    signal: AbortSignal,
    known: Known,
  ): Promise<Outcome> {
    if (side === 'host') {
      const found = await this.deps.host.fetch(this.hostKeyOf(key), { signal });
      return this.#carryOut(key, virtual, found, signal, { ...known, hostAbsence: 'confirmed' });
    }
    const owner = host === undefined ? undefined : ownership(host, this.deps.context);
    const uid = owner?.kind === 'ours' ? owner.uid : undefined;
    const gone = await this.deps.absence.isGone(this.deps.virtual.cache, key, uid, signal);
    if (!gone) return { kind: 'unconfirmed' };
    return this.#carryOut(key, virtual, host, signal, { ...known, virtualAbsence: 'confirmed' });
  }

  async #create(key: ObjectKey, virtual: Pod, signal: AbortSignal): Promise<Outcome> {
    const translation = limitedPod(this.#translate(virtual, true), this.deps.context.sections.isolation);
    if (translation.kind !== 'object') return this.#notTranslated(key, virtual, translation);
    for (const { reason, message } of translation.warnings ?? []) this.#warn(virtual, reason, message);
    const object = podToCreate(translation.object);
    let hold: Hold<Pod> | undefined;
    try {
      // Before anything is written for it: what does not fit must leave nothing on the host.
      hold = this.deps.host.hold(object);
      await this.#ensureReferences(virtual, signal);
      const writeSecret = await this.#secrets.prepare(key, virtual);
      await Promise.all([this.deps.host.create(object, hold), writeSecret()]);
    } catch (error) {
      if (error instanceof NoRoom) return this.#notTranslated(key, virtual, refusedFor(error));
      if (!(error instanceof ApiError)) throw error;
      if (error.reason === 'AlreadyExists') return this.#meetExisting(key, virtual, signal, error);
      if (error.status === 403 || error.status === 422)
        this.#warn(virtual, ...refusalOfHost(error, virtual, this.deps.context));
      throw error;
    } finally {
      hold?.release();
    }
    return { kind: 'created' };
  }

  /** The name is taken on the host though the cache does not know it: the cache lags, or the object is not ours. */
  async #meetExisting(key: ObjectKey, virtual: Pod, signal: AbortSignal, refusal: ApiError): Promise<Outcome> {
    const existing = await this.deps.host.fetch(this.hostKeyOf(key), { signal });
    if (existing === undefined) throw refusal;
    return this.#carryOut(key, virtual, existing, signal, {
      virtualAbsence: 'unconfirmed',
      hostAbsence: 'unconfirmed',
    });
  }

  async #bind(virtual: Pod, node: string): Promise<void> {
    const { name = '', namespace, uid } = virtual.metadata;
    await this.deps.ensureNode(node);
    await this.deps.virtual.client.post(RESOURCES.pods, namespace, name, 'binding', {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    });
  }

  /** Spec and readiness gates go to the host, status comes back; a pod that is ending only shows how it ends. */
  async #sync(key: ObjectKey, virtual: Pod, host: Pod, terminating: boolean): Promise<Outcome> {
    let latest = host;
    let written = 0;
    let refused: Outcome | undefined;
    if (!terminating) {
      const translation = this.#translate(virtual, getsContainers(virtual, host));
      if (translation.kind === 'refused') this.#warn(virtual, translation.reason, translation.message);
      const { isolation } = this.deps.context.sections;
      const allowed = translation.kind === 'object' ? allowedChanges(translation.object, host, isolation) : undefined;
      if (allowed?.refusal !== undefined) this.#warn(virtual, 'FieldNotAllowed', allowed.refusal.message);
      const { changes = [], becomes = host } = allowed ?? {};
      const gates = readinessGatesToHost(virtual, host);
      const all = gates === undefined ? changes : [gates, ...changes];
      try {
        latest = await applyChanges(this.deps.host, this.hostKeyOf(key), all, host, becomes);
      } catch (error) {
        if (!(error instanceof NoRoom)) throw error;
        this.#warn(virtual, QUOTA_EXCEEDED, error.message);
        refused = { kind: 'refused', reason: QUOTA_EXCEEDED };
      }
      await this.#secrets.refresh(key, virtual);
      written = all.length;
    }
    const shown = await this.#show(key, virtual, latest);
    return refused ?? (shown || written > 0 ? { kind: 'patched' } : { kind: 'unchanged' });
  }

  /** Shows the tenant how the pod is; tells whether there was anything new. */
  async #show(key: ObjectKey, virtual: Pod, latest: Pod): Promise<boolean> {
    const annotations = annotationsToVirtual(latest, virtual, 'Pod', this.deps.context);
    if (annotations !== undefined) await applyChanges(this.deps.virtual, key, [annotations], virtual);
    const shown = this.#patchedBack(latest, virtual);
    const patch = shown && statusToVirtual(shown, virtual, this.deps.context.config.kubernetesVersion);
    if (patch !== undefined) await this.deps.virtual.patch(key, patch, { type: STRATEGIC, subresource: 'status' });
    return annotations !== undefined || patch !== undefined;
  }

  async #delete(key: ObjectKey, decision: PodDecision & { kind: 'deleteHost' | 'deleteVirtual' }): Promise<Outcome> {
    const { kind, uid, gracePeriodSeconds } = decision;
    const { absence, host, virtual } = this.deps;
    const options = { uid, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) };
    if (kind === 'deleteVirtual') {
      // A rewound store brings back pods whose host pods are long gone: that is for an operator to look at.
      if (absence.brake !== undefined) return { kind: 'unconfirmed' };
      await virtual.delete(key, options);
    } else await host.delete(this.hostKeyOf(key), options);
    return { kind: 'deleted' };
  }

  async #ensureReferences(virtual: Pod, signal: AbortSignal): Promise<void> {
    const { namespace } = virtual.metadata;
    const references = podReferences(virtual);
    await Promise.all(
      references.map(({ resource, name }) => this.deps.ensureReferenced(resource, `${namespace}/${name}`, signal)),
    );
  }

  async #notTranslated(
    key: ObjectKey,
    virtual: Pod,
    translation: Exclude<Translation<Pod>, { kind: 'object' }>,
  ): Promise<Outcome> {
    switch (translation.kind) {
      case 'wait':
        return { kind: 'waiting', reason: translation.reason };
      case 'skip':
        return { kind: 'unchanged' };
      case 'refused': {
        const { reason, message } = translation;
        this.#warn(virtual, reason, message);
        const patch = refusedStatus(virtual, reason, message);
        if (patch !== undefined) await this.deps.virtual.patch(key, patch, { type: STRATEGIC, subresource: 'status' });
        return { kind: 'refused', reason };
      }
    }
  }

  #translate(virtual: Pod, forNewContainers: boolean): Translation<Pod> {
    return podTranslation(virtual, podContext(virtual, this.deps.surroundings, forNewContainers));
  }

  /** The host pod as it is shown to the tenant; `undefined` when the platform's change to it failed. */
  #patchedBack(host: Pod, virtual: Pod): Pod | undefined {
    const patched = this.deps.context.patches?.apply(RESOURCES.pods, 'toVirtual', host, identityOf(virtual));
    if (patched?.kind === 'failed') this.#warn(virtual, PATCH_FAILED, patched.message);
    return patched === undefined ? host : patched.kind === 'object' ? patched.object : undefined;
  }

  #belonging(virtual: Pod | undefined, host: Pod | undefined): PodFacts['hostBelongs'] {
    const { context } = this.deps;
    if (host === undefined) return 'ours';
    if (virtual !== undefined) return belongsTo(host, virtual, context);
    return ownership(host, context).kind;
  }

  #warn(virtual: Pod, reason: string, message: string): void {
    this.deps.recorder.warn(RESOURCES.pods, virtual, reason, message);
  }
}

/** Whether containers for debugging were added that the host pod does not have. */
function getsContainers(virtual: Pod, host: Pod): boolean {
  return (virtual.spec.ephemeralContainers?.length ?? 0) > (host.spec.ephemeralContainers?.length ?? 0);
}

/** Notes what a virtual pod refers to; without a pod, that it refers to nothing any more. */
export function trackReferences(references: ReferenceIndex, key: ObjectKey, virtual: Pod | undefined): void {
  const { namespace = '' } = splitKey(key);
  references.set(`pod ${key}`, namespace, virtual === undefined ? [] : podReferences(virtual));
}

function refusedFor({ message }: NoRoom): Translation<Pod> & { readonly kind: 'refused' } {
  return { kind: 'refused', reason: QUOTA_EXCEEDED, field: '', message };
}

const STRATEGIC = 'application/strategic-merge-patch+json';
