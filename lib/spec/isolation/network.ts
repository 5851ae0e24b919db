/** Addresses that tenants' pods must never reach: those of the host itself. Each kind has at least one range. */
export interface HostRanges {
  /** Of the nodes. */
  readonly nodes: readonly string[];
  /** Of the pods, tenants' and others'. */
  readonly pods: readonly string[];
  /** Of the Services. */
  readonly services: readonly string[];
  /**
   * Of the API server as pods of the host reach it, behind its Service. The control plane connects there and to no other
   * address on the ports of an API server.
   * @default - the control plane may connect to ports 443 and 6443 of any address but link-local ones
   */
  readonly api?: readonly string[];
}

/** Ports that are let through, both ends included. */
export interface NetworkPort {
  /** The first port. */
  readonly port: number;
  /** The last port. @default - `port` */
  readonly endPort?: number;
  /** The protocol. @default 'TCP' */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
}

/** The other end of a connection: addresses, or pods of the host by at least one label. */
export interface NetworkPeerOptions {
  /** A range of addresses: `203.0.113.0/24`. @default - pods by label */
  readonly cidr?: string;
  /** Parts of `cidr` that are left out. @default - none */
  readonly except?: readonly string[];
  /** Labels of the pods' namespace on the host. @default - any namespace, where `podLabels` are given */
  readonly namespaceLabels?: { readonly [key: string]: string };
  /** Labels that the pods have. @default - all pods of these namespaces */
  readonly podLabels?: { readonly [key: string]: string };
}

/** Connections that are let through. */
export interface NetworkRuleOptions extends NetworkPeerOptions {
  /** Only these ports. @default - all ports of all protocols */
  readonly ports?: readonly NetworkPort[];
}

/** What the control plane needs beyond its pods, its DNS and the host's API. */
export interface ControlPlaneNetwork {
  /** Where it connects to: a database, an object store. No range of the host is taken out. @default - nowhere else */
  readonly egress?: readonly NetworkRuleOptions[];
  /** Who connects to it, besides everybody to its API server: what reads its metrics. @default - nobody else */
  readonly ingress?: readonly NetworkRuleOptions[];
}

/** Tenants' pods reach whatever the host's own policies let them reach, and so does the control plane. */
export interface NoNetworkIsolation {
  readonly enforce: false;
}

/** What tenants' pods, and the control plane, may connect to. */
export interface NetworkIsolation {
  /** Whether the network is isolated at all. @default true */
  readonly enforce?: true;
  /**
   * What tenants' pods reach besides each other, their DNS and their API server. The ranges of the host, link-local
   * addresses and clouds' metadata services are always taken out. A range takes `hostRanges`. @default - nothing
   */
  readonly egress?: readonly NetworkRuleOptions[];
  /**
   * Who reaches tenants' pods besides each other: the host's ingress controller, load balancers. @default - nobody
   */
  readonly ingress?: readonly NetworkRuleOptions[];
  /** Addresses of the host. @default - not known, so that `egress` takes no ranges of addresses */
  readonly hostRanges?: HostRanges;
  /**
   * Where the host's DNS answers, on port 53: the control plane asks there, and the virtual CoreDNS where `dns` says so.
   * @default - pods labelled `k8s-app: kube-dns` or `k8s-app: coredns` in `kube-system`
   */
  readonly hostDns?: readonly NetworkPeerOptions[];
  /** What the control plane needs beyond its pods, its DNS and the host's API. */
  readonly controlPlane?: ControlPlaneNetwork;
}

/** What the network keeps tenants from, told apart by `enforce`. */
export type NetworkOptions = NetworkIsolation | NoNetworkIsolation;
