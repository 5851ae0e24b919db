import * as z from 'zod';
import { text } from './fields';
import { RULES } from './rules';

/** Addresses and names inside the virtual cluster. */
export interface NetworkingOptions<Text = string> {
  /**
   * DNS domain of the virtual cluster's Services. It is part of the name of the issuer of service-account tokens, so
   * that a change makes tokens that are in use invalid.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: Text;
  /**
   * Address range of the host cluster's Services. A virtual Service has the same ClusterIP as its host Service, so this
   * is a fact about the host and no choice.
   * @default - found out on the host
   */
  readonly serviceCidr?: Text;
}

/** {@link NetworkingOptions} with nothing left open but what only the host knows. */
export interface ResolvedNetworking {
  readonly clusterDomain: string;
  readonly serviceCidr?: string;
}

/** The schema of {@link NetworkingOptions}. */
export const networkingSchema = z
  .strictObject({ clusterDomain: text(RULES.domain).optional(), serviceCidr: text(RULES.cidr).optional() })
  .readonly();

/** Fills in the defaults. */
export function resolveNetworking({ clusterDomain, serviceCidr }: NetworkingOptions = {}): ResolvedNetworking {
  return { clusterDomain: clusterDomain ?? 'cluster.local', ...(serviceCidr === undefined ? {} : { serviceCidr }) };
}
