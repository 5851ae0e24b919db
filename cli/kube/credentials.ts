import { readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import type { SelectedContext } from '../kubeconfig/read';

/** What a request needs to be let in. Never printed. */
export interface Credentials {
  readonly headers: { readonly [name: string]: string | readonly string[] };
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
  /** Set where connections go through a proxy. */
  readonly agent?: Agent;
}

/**
 * Returns a function that yields the credentials of a context, fresh ones where they expire. Certificates, tokens and
 * passwords are read here; exec plugins, OIDC and proxies are left to client-node, which is loaded only for them.
 */
export function credentialsOf(selected: SelectedContext): () => Promise<Credentials> {
  const { user, cluster } = selected;
  if (user.exec || user['auth-provider'] || cluster['proxy-url']) {
    const source = import('./plugin-credentials.js').then((module) => module.pluginCredentials(selected));
    // Whoever asks for credentials gets the failure; until then it must not count as unhandled.
    source.catch(() => {});
    return async () => withImpersonation(selected, await (await source)());
  }
  return async () => withImpersonation(selected, await plainCredentials(selected));
}

async function plainCredentials({ cluster, user }: SelectedContext): Promise<Credentials> {
  const [ca, cert, key, token] = await Promise.all([
    material(cluster['certificate-authority-data'], cluster['certificate-authority']),
    material(user['client-certificate-data'], user['client-certificate']),
    material(user['client-key-data'], user['client-key']),
    user.tokenFile === undefined ? user.token : readFile(user.tokenFile, 'utf8').then((text) => text.trim()),
  ]);
  const authorization =
    token !== undefined
      ? `Bearer ${token}`
      : user.username !== undefined
        ? `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
        : undefined;
  return {
    headers: authorization === undefined ? {} : { authorization },
    tls: {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
      ...(cluster['insecure-skip-tls-verify'] && { rejectUnauthorized: false }),
    },
  };
}

function withImpersonation({ user }: SelectedContext, credentials: Credentials): Credentials {
  if (user.as === undefined) return credentials;
  const groups = user['as-groups'];
  return {
    ...credentials,
    headers: {
      ...credentials.headers,
      'impersonate-user': user.as,
      ...(groups && { 'impersonate-group': groups }),
    },
  };
}

async function material(data: string | undefined, file: string | undefined): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64');
  return file === undefined ? undefined : readFile(file);
}
