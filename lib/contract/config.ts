import * as z from 'zod';
import { SubletError } from './errors';

/**
 * The syncer's configuration: ConfigMaps labelled with the virtual cluster's name, one a section, each with one key
 * `config.json`. A construct owns its section; the syncer watches them all and syncs nothing until every section that
 * the cluster requires is there.
 */
export const SECTION_KEY = 'config.json';

/** Environment of the syncer container: what it must know before it can read anything. */
export const SYNCER_ENV = {
  /** The virtual cluster's name. */
  cluster: 'SUBLET_CLUSTER',
  /** The host namespace that it lives in. */
  namespace: 'SUBLET_NAMESPACE',
  /** The pod's own name and IP, by the downward API. */
  podName: 'SUBLET_POD_NAME',
  podIp: 'SUBLET_POD_IP',
  /** Comma-separated names of the sections that must exist before any workload is synced. */
  requiredSections: 'SUBLET_REQUIRED_SECTIONS',
  logLevel: 'SUBLET_LOG_LEVEL',
} as const;

/** The section that the cluster itself owns. */
export const coreSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
  /** DNS domain of the virtual cluster's Services. */
  clusterDomain: z.string(),
  /** Extra names and addresses in the API server's certificate. */
  extraSans: z.array(z.string()),
  /** Address range of the host's Services, or one a family with a comma between. Found out on the host when absent. */
  serviceCidr: z.string().optional(),
  /** Address of the API server in the kubeconfig Secret. */
  kubeconfigServer: z.string(),
  /** Image of the helper that writes /etc/hosts for pods with a subdomain: the syncer's own. */
  syncerImage: z.string(),
  /** Image pull policy of that helper. */
  syncerImagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  dns: z.strictObject({
    /** Image of CoreDNS. */
    image: z.string(),
    replicas: z.int().min(1),
    /** Whether names that the virtual cluster does not know are asked of the host cluster's DNS. */
    forwardToHost: z.boolean(),
  }),
  /** The Kubernetes version of the virtual API server: `1.37.2`. */
  kubernetesVersion: z.string(),
});

/** The section that the cluster itself owns. */
export type CoreSection = z.infer<typeof coreSection>;

/** Every known section and its schema. */
export const SECTIONS = { core: coreSection } as const;

/** The name of a section. */
export type SectionName = keyof typeof SECTIONS;

/**
 * Reads one section.
 * @throws SubletError `CONFIG_INVALID` naming each wrong field by its path
 */
export function parseSection<Name extends SectionName>(name: Name, text: string): z.infer<(typeof SECTIONS)[Name]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SubletError('CONFIG_INVALID', `section ${name}: not JSON`, { cause });
  }
  const result = SECTIONS[name].safeParse(value);
  if (result.success) return result.data as z.infer<(typeof SECTIONS)[Name]>;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  throw new SubletError('CONFIG_INVALID', `section ${name}: ${problems.join('; ')}`);
}
