import { ANNOTATIONS } from '../../../lib/contract';
import type { Secret } from '../../config';
import type { Side } from '../../engine/side';
import { RESOURCES } from '../../kube/resources';
import type { Cache, KubeClient, KubeObject, ObjectKey } from '../../kube/types';
import type { Pod } from '../types';
import { certificateRequest, POD_CERTIFICATE_REQUESTS, type PodCertificateRequest, requestState } from './request';
import { createSigningRequest } from './signing-request';
import { certificateStep } from './step';
import { type CertificateWish, certificateKeys, certificateWishes } from './wishes';

/** What {@link PodCertificates} works with. */
export interface PodCertificatesDependencies {
  readonly virtual: KubeClient;
  readonly hostSecrets: Side<Secret>;
  readonly nodes: Pick<Cache<KubeObject>, 'get'>;
  readonly requests: Pick<Cache<PodCertificateRequest>, 'get' | 'served'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Tells the tenant, at the pod, what its signer answered. */
  refused(pod: Pod, message: string): void;
  /** Looks at the pod again after so many milliseconds. */
  again(key: ObjectKey, milliseconds: number): void;
}

interface Pending {
  readonly request: ObjectKey;
  readonly privateKey: string;
  readonly since: number;
}

/** The longest time until the next look: clocks are set, and timers are not endless. */
const LONGEST_REST_MS = 12 * 3_600_000;

/**
 * Gets pods the certificates that they ask for, in the place of their node's kubelet: makes a key, asks the tenant's
 * signer, and puts both into the pod's own Secret on the host. A key without a certificate lives in memory only: after a
 * restart a new one is made.
 */
export class PodCertificates {
  readonly #pending = new Map<ObjectKey, Map<string, Pending>>();

  constructor(private readonly deps: PodCertificatesDependencies) {}

  /**
   * Takes the next step for every certificate of a pod that has its node. Its Secret must be there.
   * @throws ApiError when a request fails: the caller tries again
   */
  async reconcile(key: ObjectKey, pod: Pod, secretKey: ObjectKey): Promise<void> {
    const wishes = pod.spec.nodeName ? certificateWishes(pod) : [];
    if (wishes.length === 0) return;
    if (!this.deps.requests.served) return this.deps.refused(pod, 'this Kubernetes issues no certificates to pods');
    for (const wish of wishes) await this.#take(key, pod, wish, secretKey);
  }

  /** Forgets the keys of a pod that is gone. */
  forget(key: ObjectKey): void {
    this.#pending.delete(key);
  }

  async #take(key: ObjectKey, pod: Pod, wish: CertificateWish, secretKey: ObjectKey): Promise<void> {
    const { deps } = this;
    const pending = this.#pending.get(key)?.get(wish.id);
    const request = pending === undefined ? undefined : deps.requests.get(pending.request);
    const step = certificateStep({
      refreshAt: renewals(deps.hostSecrets.get(secretKey))[wish.id],
      pending: pending && { since: pending.since, state: request && requestState(request) },
      now: deps.now(),
    });
    switch (step.kind) {
      case 'rest':
        return deps.again(key, Math.min(Math.max(step.until - deps.now(), 1000), LONGEST_REST_MS));
      case 'request':
        return this.#ask(key, pod, wish);
      case 'wait':
        return;
      case 'refused':
        return deps.refused(pod, step.message);
      case 'store':
        if (pending !== undefined) await this.#store(wish.id, pending.privateKey, step, secretKey);
        this.#pending.get(key)?.delete(wish.id);
        deps.again(key, Math.min(Math.max(step.refreshAt - deps.now(), 1000), LONGEST_REST_MS));
    }
  }

  async #ask(key: ObjectKey, pod: Pod, { id, projection }: CertificateWish): Promise<void> {
    const { virtual, nodes, now } = this.deps;
    const { namespace = '' } = pod.metadata;
    const nodeUid = nodes.get(pod.spec.nodeName ?? '')?.metadata.uid;
    const account = await virtual.get(RESOURCES.serviceAccounts, namespace, pod.spec.serviceAccountName || 'default');
    const serviceAccountUid = account?.metadata.uid;
    // The node was made just now, or an account is missing that may come.
    if (nodeUid === undefined || serviceAccountUid === undefined) return this.deps.again(key, 1000);
    const { privateKey, request } = await createSigningRequest(projection.keyType);
    const body = certificateRequest(pod, projection, { nodeUid, serviceAccountUid, request });
    const created = await virtual.create<KubeObject>(POD_CERTIFICATE_REQUESTS, namespace, body);
    const ofPod = this.#pending.get(key) ?? new Map<string, Pending>();
    this.#pending.set(
      key,
      ofPod.set(id, { request: `${namespace}/${created.metadata.name}`, privateKey, since: now() }),
    );
  }

  async #store(
    id: string,
    privateKey: string,
    { chain, refreshAt }: { readonly chain: string; readonly refreshAt: number },
    secretKey: ObjectKey,
  ): Promise<void> {
    const keys = certificateKeys(id);
    const { hostSecrets } = this.deps;
    const due = { ...renewals(hostSecrets.get(secretKey)), [id]: refreshAt };
    await hostSecrets.patch(secretKey, {
      metadata: { annotations: { [ANNOTATIONS.certificates]: JSON.stringify(due) } },
      stringData: { [keys.bundle]: privateKey + chain, [keys.key]: privateKey, [keys.chain]: chain },
    });
  }
}

/** When each certificate in a pod's own Secret is due, by its id. */
function renewals(secret: Secret | undefined): { readonly [id: string]: number } {
  const text = secret?.metadata.annotations?.[ANNOTATIONS.certificates];
  return text === undefined ? {} : JSON.parse(text);
}
