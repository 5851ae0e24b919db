import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { SubletError } from '../../lib/contract';

/** How to reach one API server, and as whom. */
export interface KubeConnection {
  /** `https://host:port`, with or without a path below which the API lies. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. @default the system's authorities */
  readonly ca?: string;
  /** PEM of the client certificate. */
  readonly clientCertificate?: string;
  /** PEM of the client certificate's key. */
  readonly clientKey?: string;
  /** Name that the server's certificate must carry. @default the host of `server` */
  readonly serverName?: string;
  /** Yields the bearer token. Called before each request; `rejected` is the one that the server has just refused. */
  readonly token?: (rejected?: string) => Promise<string>;
  /** The namespace that the settings name. */
  readonly namespace?: string;
}

const cluster = z.object({
  server: z.url({ protocol: /^https?$/ }),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'tls-server-name': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
});
const user = z.object({
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  token: z.string().optional(),
  exec: z.unknown().optional(),
  'auth-provider': z.unknown().optional(),
});
const context = z.object({ cluster: z.string(), user: z.string(), namespace: z.string().optional() });
const kubeconfig = z.object({
  'current-context': z.string(),
  clusters: z.array(z.object({ name: z.string(), cluster })),
  users: z.array(z.object({ name: z.string(), user })),
  contexts: z.array(z.object({ name: z.string(), context })),
});

/**
 * The connection that a kubeconfig file's current context describes. Knows what our own kubeconfigs use: certificates
 * and keys inline or as files, and tokens; no login programs and no servers without verification.
 * @throws SubletError `CONFIG_INVALID` naming the field, never its value
 */
export function connectionOfKubeconfig(file: string): KubeConnection {
  return parseKubeconfig(read(file), dirname(file), file);
}

/**
 * The connection that the text of a kubeconfig describes. Relative file names in it start at `directory`; `source`
 * names it in errors.
 * @throws SubletError `CONFIG_INVALID` naming the field, never its value
 */
export function parseKubeconfig(text: string, directory: string, source = 'kubeconfig'): KubeConnection {
  const config = check(text, source);
  const current = byName(config.contexts, config['current-context'], 'context', source).context;
  const chosen = byName(config.clusters, current.cluster, 'cluster', source).cluster;
  const login = byName(config.users, current.user, 'user', source).user;
  if (chosen['insecure-skip-tls-verify']) throw invalid(source, 'insecure-skip-tls-verify is not supported');
  if (login.exec !== undefined || login['auth-provider'] !== undefined) {
    throw invalid(source, 'login programs (exec, auth-provider) are not supported here');
  }
  const pem = (inline: string | undefined, path: string | undefined): string | undefined => {
    if (inline !== undefined) return Buffer.from(inline, 'base64').toString();
    return path === undefined ? undefined : read(resolve(directory, path));
  };
  const { token } = login;
  return compact({
    server: chosen.server,
    ca: pem(chosen['certificate-authority-data'], chosen['certificate-authority']),
    serverName: chosen['tls-server-name'],
    clientCertificate: pem(login['client-certificate-data'], login['client-certificate']),
    clientKey: pem(login['client-key-data'], login['client-key']),
    token: token === undefined ? undefined : async () => token,
    namespace: current.namespace,
  });
}

/** Leaves out what is undefined, as optional fields must be. */
function compact(fields: { readonly [K in keyof KubeConnection]: KubeConnection[K] | undefined }): KubeConnection {
  const { server, ca, clientCertificate, clientKey, serverName, token, namespace } = fields;
  if (server === undefined) throw new SubletError('CONFIG_INVALID', 'no server is named');
  return {
    server,
    ...(ca !== undefined && { ca }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientKey !== undefined && { clientKey }),
    ...(serverName !== undefined && { serverName }),
    ...(token !== undefined && { token }),
    ...(namespace !== undefined && { namespace }),
  };
}

function check(text: string, source: string): z.infer<typeof kubeconfig> {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    // The parser's message quotes the text, which holds keys.
    throw invalid(source, 'not YAML');
  }
  const result = kubeconfig.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  throw invalid(source, problems.join('; '));
}

function byName<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  name: string,
  what: string,
  source: string,
): Entry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (!entry) throw invalid(source, `there is no ${what} "${name}"`);
  return entry;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SubletError('CONFIG_INVALID', `${file} can't be read`, { cause });
  }
}

function invalid(source: string, problem: string): SubletError {
  return new SubletError('CONFIG_INVALID', `${source}: ${problem}`);
}
