import type { RequestOptions } from 'node:https';
import { type KubeletServer, startKubeletServer } from '../../../../syncer/kubelet/server';
import type { ServingMaterial } from '../../../../syncer/kubelet/types';
import { silentLogger } from '../../../../syncer/observability/logger';
import { type Authority, createAuthority, type Pair } from './certificates';
import { type HostApiServer, startHostApi } from './host-api';

/** The name under which kube-apiserver calls kubelets. */
export const CLIENT = 'kube-apiserver-kubelet-client';

/** The host pod of `shop/web`, the only pod that the fixture serves; its UID is `u1`. */
export const HOSTED = { hostName: 'web-x-shop-x-team', hostNamespace: 'vcluster-team', containers: ['main', 'init'] };

/** A kubelet API between a client and a host API server, all on the loopback. */
export interface Fixture {
  readonly authority: Authority;
  /** The virtual API server's client certificate. */
  readonly client: Pair;
  readonly host: HostApiServer;
  readonly kubelet: KubeletServer;
  /** What was answered: `exec 101`, … */
  readonly answers: readonly string[];
  /** A request that the virtual API server sends. */
  asClient(path: string, more?: RequestOptions): RequestOptions;
  /** Puts another serving certificate in force. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a {@link Fixture}. */
export async function startFixture(): Promise<Fixture> {
  const authority = await createAuthority('virtual');
  const client: Pair = await authority.issue({ commonName: CLIENT });
  let material = await serving(authority);
  let replaced = () => {};
  const host = await startHostApi();
  const answers: string[] = [];
  const kubelet = await startKubeletServer(
    {
      host: host.api,
      logger: silentLogger,
      observe: (verb, status) => void answers.push(`${verb} ${status}`),
      certificates: {
        current: () => material,
        subscribe(listener) {
          replaced = listener;
          return () => {};
        },
      },
      pods: {
        find: (namespace, name, uid) =>
          namespace === 'shop' && name === 'web' && (uid === undefined || uid === 'u1') ? HOSTED : undefined,
        list: (node) => [pod('web', 'Running', node), pod('new', 'Pending', node)],
      },
    },
    { port: 0, host: '127.0.0.1' },
  );
  return {
    authority,
    client,
    host,
    kubelet,
    answers,
    asClient: (path, more = {}) => ({
      host: '127.0.0.1',
      port: kubelet.port,
      path,
      ca: authority.certificate,
      cert: client.certificate,
      key: client.key,
      ...more,
    }),
    async renew() {
      material = await serving(authority);
      replaced();
    },
    async close() {
      await kubelet.close();
      await host.close();
    },
  };
}

async function serving(authority: Authority): Promise<ServingMaterial> {
  const pair = await authority.issue({ commonName: 'kubelet', addresses: ['127.0.0.1'], usage: 'server' });
  return { ...pair, clientAuthority: authority.certificate };
}

function pod(name: string, phase: string, node = 'any') {
  return { metadata: { name, namespace: 'shop', labels: { node } }, status: { phase } };
}
