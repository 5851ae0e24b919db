import { Agent, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { SubletError } from '../../lib/contract';
import type { SelectedContext } from '../kubeconfig/read';
import type { Credentials } from './credentials';

/**
 * Credentials by exec plugin, OIDC or through a proxy: client-node knows how. Loading it costs some 80 MB of memory, so
 * only contexts that need it come here.
 */
export function pluginCredentials(selected: SelectedContext): () => Promise<Credentials> {
  const config = new KubeConfig();
  config.loadFromString(
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'host', cluster: selected.cluster }],
      users: [{ name: 'host', user: selected.user }],
      contexts: [{ name: 'host', context: { cluster: 'host', user: 'host' } }],
      'current-context': 'host',
    }),
  );
  return async () => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      throw new SubletError('API_FORBIDDEN', `no credentials for context "${selected.name}": ${reason}`, {
        cause,
        hint: 'the command or provider that its user names in the kubeconfig failed: run `kubectl get ns` to see it alone',
      });
    }
    const tls = options.agent instanceof Agent ? options.agent.options : options;
    return {
      headers: headersOf(options),
      tls: {
        ...(isMaterial(tls.ca) && { ca: tls.ca }),
        ...(isMaterial(tls.cert) && { cert: tls.cert }),
        ...(isMaterial(tls.key) && { key: tls.key }),
        ...(tls.servername !== undefined && { servername: tls.servername }),
        ...(tls.rejectUnauthorized !== undefined && { rejectUnauthorized: tls.rejectUnauthorized }),
      },
      ...(selected.cluster['proxy-url'] !== undefined && options.agent instanceof Agent && { agent: options.agent }),
    };
  };
}

function headersOf(options: RequestOptions): { readonly [name: string]: string } {
  const pairs = Object.entries(options.headers ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  if (typeof options.auth === 'string') {
    pairs.push(['authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`]);
  }
  return Object.fromEntries(pairs);
}

function isMaterial(value: unknown): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}
