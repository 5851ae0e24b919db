import { ANNOTATIONS, type HostName, LABELS, SubletError, shortHash } from '../../lib/contract';
import type { Secret } from '../config';
import { ownersIn } from '../engine/metadata';
import { hasOwner } from '../engine/ownership';
import { hostNamespaceOf, markLabels } from '../engine/placement';
import type { Side } from '../engine/side';
import type { ClusterContext } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject } from '../kube/types';

/** One service-account token that a pod asks for. */
export interface TokenSource {
  /** Key in the token Secret. */
  readonly key: string;
  /** Audience of the token, undefined for the API server's own. */
  readonly audience: string | undefined;
  /** Lifetime that the pod asks for. */
  readonly expirationSeconds: number;
}

/** A token as the virtual API server issued it. */
interface IssuedToken {
  readonly key: string;
  readonly token: string;
  /** When it has to be renewed: after four fifths of its life, as the kubelet does. Milliseconds since 1970. */
  readonly renewAt: number;
}

/** The Secret as it is written. */
interface TokenSecret extends Secret {
  readonly stringData: { readonly [key: string]: string };
}

/** The virtual pod that tokens are issued for. */
export interface TokenPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly serviceAccount: string;
}

/** What the Secret shall hold. */
export interface TokenSecretContent {
  readonly tokens: readonly TokenSource[];
  /** Other files for the pod, by their keys: trust bundles. */
  readonly files: { readonly [key: string]: string };
}

/**
 * What {@link prepareTokenSecret} found: nothing to do until `renewAt`, which is infinite without tokens, or a Secret
 * to be written.
 */
export type TokenSecretPlan =
  | { readonly kind: 'current'; readonly renewAt: number }
  | { readonly kind: 'write'; readonly renewAt: number; write(): Promise<void> };

/** What tokens are issued and stored with. */
export interface TokenDependencies {
  readonly virtual: KubeClient;
  readonly hostSecrets: Side<Secret>;
  readonly context: ClusterContext;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes sure that the host Secret with a pod's tokens is fresh. Tokens come from the virtual API server, bound to this
 * very pod, so they die with it. The Secret is written by the returned plan, so that the caller can create the pod
 * meanwhile.
 */
export async function prepareTokenSecret(
  name: HostName,
  pod: TokenPod,
  content: TokenSecretContent,
  deps: TokenDependencies,
): Promise<TokenSecretPlan> {
  const key = `${hostNamespaceOf(pod.namespace, deps.context)}/${name}`;
  const current = deps.hostSecrets.get(key);
  const heldFor = current === undefined ? undefined : podUidOfTokens(current, pod, deps.context);
  const { [ANNOTATIONS.renewAt]: due = '', [ANNOTATIONS.filesHash]: held } = current?.metadata.annotations ?? {};
  const renewAt = content.tokens.length === 0 ? Number.POSITIVE_INFINITY : Date.parse(due);
  if (current !== undefined && heldFor === undefined) {
    const message = `the name of the token Secret of pod ${pod.namespace}/${pod.name} is taken by another Secret`;
    throw new SubletError('OWNERSHIP_CONFLICT', message, { hint: `Rename the Secret ${pod.name}-sa-token.` });
  }
  if (heldFor === pod.uid && held === hashOf(content.files) && renewAt > deps.now())
    return { kind: 'current', renewAt };

  const issued = await Promise.all(content.tokens.map((source) => issueToken(pod, source, deps)));
  const earliest = Math.min(...issued.map((token) => token.renewAt));
  const secret = tokenSecret(name, pod, { issued, renewAt: earliest, files: content.files }, deps.context);
  return {
    kind: 'write',
    renewAt: earliest,
    async write() {
      if (current === undefined) await deps.hostSecrets.create(secret);
      else await deps.hostSecrets.patch(key, { metadata: secret.metadata, stringData: secret.stringData });
    },
  };
}

/**
 * UID of the pod that a Secret holds the tokens for, undefined if it is not proven to be the token Secret that this
 * cluster made for a pod of that name: it is then neither written nor deleted.
 */
export function podUidOfTokens(
  secret: KubeObject,
  pod: Pick<TokenPod, 'name' | 'namespace'>,
  context: ClusterContext,
): string | undefined {
  const { labels = {}, annotations = {} } = secret.metadata;
  const isOurs =
    labels[LABELS.managedBy] === context.cluster &&
    labels[LABELS.namespace] === pod.namespace &&
    annotations[ANNOTATIONS.tokenOf] === pod.name &&
    hasOwner(secret, context);
  return isOurs ? annotations[ANNOTATIONS.objectUid] : undefined;
}

async function issueToken(pod: TokenPod, source: TokenSource, deps: TokenDependencies): Promise<IssuedToken> {
  const issuedAt = deps.now();
  const { status } = await deps.virtual.post<TokenRequest>(
    RESOURCES.serviceAccounts,
    pod.namespace,
    pod.serviceAccount,
    'token',
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        ...(source.audience !== undefined && { audiences: [source.audience] }),
        expirationSeconds: source.expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid },
      },
    },
  );
  const life = Date.parse(status.expirationTimestamp) - issuedAt;
  return { key: source.key, token: status.token, renewAt: issuedAt + 0.8 * life };
}

interface TokenRequest {
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

function tokenSecret(
  name: HostName,
  pod: TokenPod,
  { issued, renewAt, files }: Pick<TokenSecretContent, 'files'> & { issued: readonly IssuedToken[]; renewAt: number },
  context: ClusterContext,
): TokenSecret {
  const hash = hashOf(files);
  return {
    ...emptyTokenSecret(name, pod, context, {
      ...(Number.isFinite(renewAt) && { [ANNOTATIONS.renewAt]: new Date(renewAt).toISOString() }),
      ...(hash !== undefined && { [ANNOTATIONS.filesHash]: hash }),
    }),
    stringData: { ...files, ...Object.fromEntries(issued.map(({ key, token }) => [key, token])) },
  };
}

/** A pod's token Secret before anything is in it. */
export function emptyTokenSecret(
  name: HostName,
  pod: Pick<TokenPod, 'name' | 'namespace' | 'uid'>,
  context: ClusterContext,
  annotations: { readonly [key: string]: string } = {},
): Secret {
  const namespace = hostNamespaceOf(pod.namespace, context);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name,
      namespace,
      labels: { ...markLabels(context), [LABELS.namespace]: pod.namespace },
      annotations: {
        [ANNOTATIONS.tokenOf]: pod.name,
        [ANNOTATIONS.objectUid]: pod.uid,
        ...(namespace !== context.hostNamespace && { [ANNOTATIONS.ownerUid]: context.ownerUid }),
        ...annotations,
      },
      ownerReferences: ownersIn(namespace, context),
    },
  };
}

function hashOf(files: TokenSecretContent['files']): string | undefined {
  const entries = Object.entries(files).sort();
  return entries.length === 0 ? undefined : shortHash(JSON.stringify(entries));
}
