import { stringify } from 'yaml';
import type { KeyPair } from './certificates';

/** Renders a kubeconfig with one cluster, one user and one context, all of the same name. */
export function renderKubeconfig(name: string, server: string, authority: string, user: KeyPair): string {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': encode(authority) } }],
    users: [
      {
        name,
        user: { 'client-certificate-data': encode(user.certificate), 'client-key-data': encode(user.key) },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
