import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILES, SubletError } from '../../lib/contract';
import { type Clock, systemClock } from './clock';
import type { KubeConnection } from './config';

/** How long a token is used before its file is looked at again, in milliseconds. The kubelet rotates it long before it expires. */
const LOOK_EVERY_MS = 10_000;

/**
 * The connection of a pod to the API server of its own cluster: the service-account token, CA and namespace in
 * `directory`, the address from the environment that the kubelet sets.
 * @throws SubletError `CONFIG_INVALID` when this process does not run in a pod with a token
 */
export function inClusterConnection(
  directory: string = FILES.hostTokenDir,
  environment: { readonly [name: string]: string | undefined } = process.env,
): KubeConnection {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (!host || !port) {
    throw new SubletError('CONFIG_INVALID', 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set', {
      hint: 'Run inside a pod of the host cluster.',
    });
  }
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: read(join(directory, 'ca.crt')),
    token: tokenFile(join(directory, 'token')),
    namespace: read(join(directory, 'namespace')).trim(),
  };
}

/**
 * A token that lives in a file and is rotated there. The file is looked at every few seconds, at once when the server
 * refused the token, and read only if it changed. A file that can't be read leaves the last token in use.
 * @throws SubletError `CONFIG_INVALID` when the file can't be read the first time
 */
export function tokenFile(path: string, clock: Clock = systemClock): (rejected?: string) => Promise<string> {
  let token: string | undefined;
  let version = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async (rejected) => {
    const fresh = clock.now() - lookedAt < LOOK_EVERY_MS;
    if (token !== undefined && fresh && token !== rejected) return token;
    try {
      // A projected volume swaps a symbolic link: the same path then leads to another inode.
      const { ino, mtimeMs, size } = await stat(path);
      const found = `${ino}/${mtimeMs}/${size}`;
      if (found !== version) {
        token = (await readFile(path, 'utf8')).trim();
        version = found;
      }
      lookedAt = clock.now();
    } catch (cause) {
      if (token === undefined) throw new SubletError('CONFIG_INVALID', `${path} can't be read`, { cause });
    }
    if (token === undefined) throw new SubletError('CONFIG_INVALID', `${path} holds no token`);
    return token;
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SubletError('CONFIG_INVALID', `${file} can't be read`, {
      cause,
      hint: 'The pod needs a projected service-account token.',
    });
  }
}
