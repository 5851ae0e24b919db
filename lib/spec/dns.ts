import * as z from 'zod';
import { wholeNumber } from './fields';

/** DNS inside the virtual cluster: CoreDNS, as a Deployment there and thus as pods on the host. */
export interface DnsOptions {
  /** @default 1 */
  readonly replicas?: number;
  /**
   * Whether names of the host cluster's Services resolve inside the virtual cluster too.
   * @default false
   */
  readonly forwardToHost?: boolean;
}

/** {@link DnsOptions} with nothing left open. */
export interface ResolvedDns {
  readonly replicas: number;
  readonly forwardToHost: boolean;
}

/** The schema of {@link DnsOptions}. */
export const dnsSchema = z
  .strictObject({ replicas: wholeNumber(1, 100).optional(), forwardToHost: z.boolean().optional() })
  .readonly();

/** Fills in the defaults. */
export function resolveDns({ replicas, forwardToHost }: DnsOptions = {}): ResolvedDns {
  return { replicas: replicas ?? 1, forwardToHost: forwardToHost ?? false };
}
