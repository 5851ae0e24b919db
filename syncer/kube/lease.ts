import type { KubeObject } from './types';

/** A Lease as the elector reads and writes it. */
export interface Lease extends KubeObject {
  readonly spec?: {
    /** Empty: nobody holds it. */
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number | null;
    readonly acquireTime?: string | null;
    readonly renewTime?: string | null;
    readonly leaseTransitions?: number | null;
  } | null;
}

/** Who wants a lease, and for how long. */
export interface Claim {
  readonly identity: string;
  readonly durationMs: number;
  readonly now: Date;
  /** Set on the lease, over those that it has. */
  readonly annotations: { readonly [key: string]: string };
}

/** Who holds a lease, or `undefined` when it is free. */
export function holderOf(lease: Lease): string | undefined {
  return lease.spec?.holderIdentity || undefined;
}

/** The lease as its holder writes it, on taking it and on each renewal. The rest of the object stays as it was. */
export function claimed(lease: Lease, { identity, durationMs, now, annotations }: Claim): Lease {
  const held = holderOf(lease) === identity;
  const transitions = lease.spec?.leaseTransitions ?? 0;
  const first = lease.metadata.resourceVersion === undefined;
  return {
    ...lease,
    metadata: { ...lease.metadata, annotations: { ...lease.metadata.annotations, ...annotations } },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1000),
      acquireTime: held && lease.spec?.acquireTime ? lease.spec.acquireTime : microTime(now),
      renewTime: microTime(now),
      leaseTransitions: held || first ? transitions : transitions + 1,
    },
  };
}

/** The lease as its holder leaves it: free at once. */
export function released(lease: Lease, now: Date): Lease {
  const time = microTime(now);
  return {
    ...lease,
    spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: time, renewTime: time },
  };
}

/** Kubernetes' MicroTime, which takes exactly six digits after the second. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
