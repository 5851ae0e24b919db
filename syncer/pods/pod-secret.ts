import { tokenSecretName } from '../../lib/contract';
import type { AbsenceGuard } from '../engine/absence';
import type { Outcome } from '../engine/kind';
import { hostNamespaceOf } from '../engine/placement';
import { type Side, splitKey } from '../engine/side';
import type { ObjectKey } from '../kube/types';
import type { PodCertificates } from './certificates/pod-certificates';
import { certificateWishes } from './certificates/wishes';
import type { PodSurroundings } from './context';
import { podUidOfTokens, prepareTokenSecret, type TokenDependencies } from './token-secret';
import { tokenSources } from './tokens';
import { trustFiles, usesTrustBundles } from './trust-bundles';
import type { Pod } from './types';

/** What {@link PodSecrets} work with. */
export interface PodSecretDependencies {
  readonly virtual: Side<Pod>;
  readonly absence: AbsenceGuard;
  readonly tokens: TokenDependencies;
  readonly certificates: PodCertificates;
  readonly surroundings: Pick<PodSurroundings, 'trustBundles'>;
  /** Looks at a pod again after this many milliseconds. */
  again(key: ObjectKey, milliseconds: number): void;
}

/** The host Secret of each pod with what the virtual API server gives it: tokens, trust bundles, certificates. */
export class PodSecrets {
  constructor(private readonly deps: PodSecretDependencies) {}

  /** Asks for what the Secret lacks; the result writes it, so that the pod can be created at the same time. */
  async prepare(key: ObjectKey, virtual: Pod): Promise<() => Promise<void>> {
    const { surroundings, tokens } = this.deps;
    const sources = tokenSources(virtual);
    const { name = '', namespace = '', uid = '' } = virtual.metadata;
    const usesTrust = usesTrustBundles(virtual);
    const needsSecret = sources.length > 0 || usesTrust || certificateWishes(virtual).length > 0;
    if (!needsSecret) return async () => {};
    const files = usesTrust ? trustFiles(virtual, surroundings.trustBundles.list()) : {};
    const serviceAccount = virtual.spec.serviceAccountName || 'default';
    const secret = tokenSecretName(name, namespace, tokens.context.cluster);
    const content = { tokens: sources, files };
    const plan = await prepareTokenSecret(secret, { name, namespace, uid, serviceAccount }, content, tokens);
    return async () => {
      if (plan.kind === 'write') await plan.write();
      if (sources.length > 0) this.deps.again(key, Math.max(plan.renewAt - tokens.now(), 1000));
    };
  }

  /** Brings a pod's Secret up to date, its certificates included. */
  async refresh(key: ObjectKey, virtual: Pod): Promise<void> {
    await (await this.prepare(key, virtual))();
    await this.deps.certificates.reconcile(key, virtual, this.#keyOf(key));
  }

  /** Neither side has the pod: its tokens died with it. */
  async remove(key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    this.deps.certificates.forget(key);
    const { namespace = '', name } = splitKey(key);
    const { absence, tokens, virtual } = this.deps;
    const secretKey = this.#keyOf(key);
    const secret = tokens.hostSecrets.get(secretKey);
    const podUid = secret === undefined ? undefined : podUidOfTokens(secret, { name, namespace }, tokens.context);
    if (secret?.metadata.uid === undefined || podUid === undefined) {
      absence.settle(virtual.cache, key);
      return { kind: 'unchanged' };
    }
    if (!(await absence.isGone(virtual.cache, key, podUid, signal))) return { kind: 'unconfirmed' };
    await tokens.hostSecrets.delete(secretKey, { uid: secret.metadata.uid });
    absence.settle(virtual.cache, key);
    return { kind: 'deleted' };
  }

  #keyOf(key: ObjectKey): ObjectKey {
    const { namespace = '', name } = splitKey(key);
    const { context } = this.deps.tokens;
    return `${hostNamespaceOf(namespace, context)}/${tokenSecretName(name, namespace, context.cluster)}`;
  }
}
