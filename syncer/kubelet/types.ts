import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { KubeObject } from '../kube/types';

/** A pod of this virtual cluster, and where it really runs. */
export interface HostedPod {
  readonly hostName: string;
  readonly hostNamespace: string;
  /** Names of the virtual pod's containers: ordinary, init and ephemeral. Helpers that only the host's pod has are not among them. */
  readonly containers: readonly string[];
}

/** What the kubelet API knows of pods. Its answers come from caches, and ownership of the host's pod is proven in them. */
export interface PodLookup {
  /** The pod of that virtual name, or `undefined` if there is none, if its UID is another, or if its host pod isn't ours. */
  find(namespace: string, name: string, uid?: string): HostedPod | undefined;
  /** The virtual pods on a node, or on all nodes when it isn't known which one is asked. */
  list(node: string | undefined): readonly KubeObject[];
}

/** A connection to the host's API server that now speaks another protocol. */
export interface HostStream {
  readonly response: IncomingMessage;
  readonly socket: Duplex;
  /** Its first bytes, read already. */
  readonly head: Buffer;
}

/**
 * The host's API server as the kubelet API uses it; a `KubeClient` is one. The connection adds the syncer's own
 * credentials. Both methods reject with an `ApiError` when the server refuses and with another error when it can't be
 * reached, does not answer within `timeoutMs`, or `signal` aborts; a later abort ends the body or the socket.
 */
export interface HostApi {
  /** A GET whose body is streamed. */
  stream(
    path: string,
    options: { readonly headers: OutgoingHttpHeaders; readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<IncomingMessage>;
  /** A request to change protocols, on a connection of its own. */
  upgrade(
    path: string,
    headers: OutgoingHttpHeaders,
    options: { readonly method: 'GET' | 'POST'; readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<HostStream>;
}

/** Key material of the kubelet API, PEM. */
export interface ServingMaterial {
  readonly certificate: string;
  readonly key: string;
  /** The authority whose client certificates are accepted: the virtual cluster's. */
  readonly clientAuthority: string;
}

/** The serving certificate, which is issued anew whenever a node gets an address. */
export interface ServingCertificates {
  current(): ServingMaterial;
  /** Calls back when {@link current} gives another. Returns the function that ends it. */
  subscribe(listener: () => void): () => void;
}

/** An answer without an upgrade: what a kubelet would say, as text. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}
