import * as z from 'zod';
import { dnsConfigSchema } from './dns';

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
  /** The Pod Security Standard of the label on host namespaces that the syncer makes. */
  admission: z.enum(['baseline', 'restricted', 'privileged', 'none']),
  dns: dnsConfigSchema,
  /** The Kubernetes version of the virtual API server: `1.37.2`. */
  kubernetesVersion: z.string(),
});

/** The section that the cluster itself owns. */
export type CoreSection = z.infer<typeof coreSection>;
