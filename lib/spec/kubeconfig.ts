import * as z from 'zod';
import { text } from './fields';
import { RULES } from './rules';

/** The kubeconfig in the Secret `vc-<name>`. */
export interface KubeconfigOptions<Text = string> {
  /**
   * Address of the API server in it. Its host must be in the certificate: see `controlPlane.extraSans`.
   * @default - that of the endpoint; without one, 'https://<name>.<namespace>.svc'
   */
  readonly server?: Text;
}

/** {@link KubeconfigOptions} with nothing left open. An endpoint comes before it. */
export interface ResolvedKubeconfig {
  readonly server: string;
}

/** The schema of {@link KubeconfigOptions}. */
export const kubeconfigSchema = z.strictObject({ server: text(RULES.httpsUrl).optional() }).readonly();

/** Fills in the default: the Service's name, which resolves everywhere in the host cluster and never changes. */
export function resolveKubeconfig(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  { server }: KubeconfigOptions = {},
): ResolvedKubeconfig {
  return { server: server ?? `https://${name}.${namespace}.svc` };
}
