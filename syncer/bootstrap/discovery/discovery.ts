import * as z from 'zod';
import { SubletError } from '../../../lib/contract';

const schema = z.object({
  /** Address range of the host's Services: `10.96.0.0/16`, or one a family with a comma between. */
  serviceCidr: z.string(),
  /** UID of the host Service `<cluster>`, owner of all synced objects. */
  serviceUid: z.string(),
  /** ClusterIPs of the host Service `<cluster>`, the main one first. */
  serviceIps: z.array(z.string()).min(1),
  /** The host's DNS servers, as the control-plane pod sees them. */
  hostNameservers: z.array(z.string()),
  /** Domain of the host's Services, where it is known. */
  hostClusterDomain: z.string().optional(),
});

/** What `init` found out about the host, as the file `FILES.discovery` holds it. */
export type Discovery = z.infer<typeof schema>;

/** The content of `FILES.discovery`. */
export function renderDiscovery(discovery: Discovery): string {
  return `${JSON.stringify(discovery, undefined, 2)}\n`;
}

/**
 * Reads the content of `FILES.discovery`.
 * @throws SubletError `CONFIG_INVALID` when it is not what `init` writes
 */
export function parseDiscovery(text: string): Discovery {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SubletError('CONFIG_INVALID', 'discovery.json is not what init writes', { cause });
  }
}
