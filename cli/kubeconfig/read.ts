import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';
import { type ContextMemory, EXTENSION_NAME } from './entry';

const clusterSchema = z.looseObject({
  server: z.string(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});
const userSchema = z.looseObject({
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  as: z.string().optional(),
  'as-groups': z.array(z.string()).optional(),
  exec: z.looseObject({ command: z.string() }).nullish(),
  'auth-provider': z.looseObject({ name: z.string() }).nullish(),
});
const memorySchema = z.object({ hostContext: z.string(), cluster: z.string(), namespace: z.string() });
const contextSchema = z.looseObject({
  cluster: z.string(),
  user: z.string().optional(),
  namespace: z.string().optional(),
  extensions: z.array(z.looseObject({ name: z.string(), extension: z.unknown() })).nullish(),
});
const fileSchema = z.looseObject({
  clusters: z.array(z.looseObject({ name: z.string(), cluster: clusterSchema })).nullish(),
  users: z.array(z.looseObject({ name: z.string(), user: userSchema })).nullish(),
  contexts: z.array(z.looseObject({ name: z.string(), context: contextSchema })).nullish(),
  'current-context': z.string().nullish(),
});

/** A `cluster` of a kubeconfig file. */
export type KubeconfigCluster = z.infer<typeof clusterSchema>;
/** A `user` of a kubeconfig file. */
export type KubeconfigUser = z.infer<typeof userSchema>;
/** A `context` of a kubeconfig file. */
export type KubeconfigContext = z.infer<typeof contextSchema>;

const CLUSTER_PATHS = ['certificate-authority'] as const;
const USER_PATHS = ['client-certificate', 'client-key', 'tokenFile'] as const;

/** What all the files say together. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
  readonly currentContext: string | undefined;
}

/** One context with everything it names. */
export interface SelectedContext {
  readonly name: string;
  readonly context: KubeconfigContext;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
}

/**
 * Reads and merges kubeconfig files; files that do not exist are passed over. Relative paths in a file become absolute.
 * @throws SubletError `USAGE` for a file that is no kubeconfig
 */
export function readKubeconfig(files: readonly string[]): Kubeconfig {
  return merge(
    files.flatMap((file) => {
      const text = readIfThere(file);
      return text === undefined ? [] : [{ text, file }];
    }),
  );
}

/** Reads the text of one kubeconfig, whose paths must be absolute. */
export function parseKubeconfig(text: string): Kubeconfig {
  return merge([{ text, file: '/' }]);
}

/**
 * The context that a command works on: the named one, else the current one. Where the current one leads into a virtual
 * cluster that `sublet connect` wrote, the host context behind it is taken, so that `sublet` always means the host.
 * @throws SubletError `USAGE` where there is no such context
 */
export function selectContext(config: Kubeconfig, wanted: string | undefined): SelectedContext {
  const name = wanted ?? hostContextName(config);
  if (name === undefined) {
    throw new SubletError('USAGE', 'no host cluster is chosen: no kubeconfig, or it has no current context', {
      hint: 'name one with --context or --kubeconfig, or boot one on this machine with `sublet host up`',
    });
  }
  const context = config.contexts.get(name);
  const cluster = context === undefined ? undefined : config.clusters.get(context.cluster);
  if (context === undefined || cluster === undefined) {
    const known = [...config.contexts.keys()].join(', ') || 'none';
    throw new SubletError('USAGE', `context "${name}" is not in the kubeconfig, or names a cluster that is not`, {
      hint: `contexts that exist: ${known}`,
    });
  }
  return { name, context, cluster, user: (context.user && config.users.get(context.user)) || {} };
}

/** What `sublet connect` wrote into a context, or `undefined` for any other context. */
export function memoryOf(context: KubeconfigContext | undefined): ContextMemory | undefined {
  const found = context?.extensions?.find((extension) => extension.name === EXTENSION_NAME)?.extension;
  return memorySchema.safeParse(found).data;
}

function hostContextName(config: Kubeconfig): string | undefined {
  const current = config.currentContext;
  return current === undefined ? undefined : (memoryOf(config.contexts.get(current))?.hostContext ?? current);
}

function merge(sources: readonly { readonly text: string; readonly file: string }[]): Kubeconfig {
  const clusters = new Map<string, KubeconfigCluster>();
  const users = new Map<string, KubeconfigUser>();
  const contexts = new Map<string, KubeconfigContext>();
  let currentContext: string | undefined;
  for (const { text, file } of sources) {
    const content = parseFile(text, file);
    for (const { name, cluster } of content.clusters ?? []) {
      if (!clusters.has(name)) clusters.set(name, withAbsolutePaths(cluster, CLUSTER_PATHS, file));
    }
    for (const { name, user } of content.users ?? []) {
      if (!users.has(name)) users.set(name, withAbsoluteCommand(withAbsolutePaths(user, USER_PATHS, file), file));
    }
    for (const { name, context } of content.contexts ?? []) {
      if (!contexts.has(name)) contexts.set(name, context);
    }
    currentContext ??= content['current-context'] || undefined;
  }
  return { clusters, users, contexts, currentContext };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new SubletError('USAGE', `kubeconfig ${file} can't be read`, { cause });
  }
}

function parseFile(text: string, file: string): z.infer<typeof fileSchema> {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (cause) {
    throw new SubletError('USAGE', `kubeconfig ${file} is not YAML`, { cause });
  }
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new SubletError('USAGE', `kubeconfig ${file} is broken at ${where}`, { cause: result.error });
}

function withAbsolutePaths<Entry extends object>(entry: Entry, keys: readonly (keyof Entry)[], file: string): Entry {
  const paths = keys.flatMap((key) => {
    const path = entry[key];
    return typeof path === 'string' && path !== '' ? [[key, resolve(dirname(file), path)]] : [];
  });
  return { ...entry, ...Object.fromEntries(paths) };
}

/** A plugin named by a path lies relative to the file, as for kubectl; one named by a word alone is looked for in PATH. */
function withAbsoluteCommand(user: KubeconfigUser, file: string): KubeconfigUser {
  const command = user.exec?.command;
  if (!command?.includes('/')) return user;
  return { ...user, exec: { ...user.exec, command: resolve(dirname(file), command) } };
}
