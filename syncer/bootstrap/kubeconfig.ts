import { stringify } from 'yaml';

/** Key material in a kubeconfig: as text inside of it, or as names of files that are read again when they change. */
export type KubeconfigMaterial =
  | { readonly kind: 'inline'; readonly ca: string; readonly cert: string; readonly key: string }
  | { readonly kind: 'files'; readonly ca: string; readonly cert: string; readonly key: string };

/** What a kubeconfig says. */
export interface KubeconfigOptions {
  /** `https://host:port`. */
  readonly server: string;
  /** The name of cluster, user and context alike. */
  readonly name: string;
  readonly material: KubeconfigMaterial;
}

/** Renders a kubeconfig with one context, which is current. */
export function renderKubeconfig({ server, name, material }: KubeconfigOptions): string {
  const { ca, cert, key } = material;
  const inline = material.kind === 'inline';
  const cluster = {
    server,
    ...(inline ? { 'certificate-authority-data': base64(ca) } : { 'certificate-authority': ca }),
  };
  const user = inline
    ? { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
    : { 'client-certificate': cert, 'client-key': key };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return stringify(config, { lineWidth: 0 });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
