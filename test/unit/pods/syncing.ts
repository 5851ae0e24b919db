import { hostName, tokenSecretName } from '../../../lib/contract';
import { type Secret, withoutData } from '../../../syncer/config';
import { AbsenceGuard } from '../../../syncer/engine/absence';
import type { HostGate } from '../../../syncer/engine/host-gate';
import { createRecorder } from '../../../syncer/engine/recorder';
import { ReferenceIndex } from '../../../syncer/engine/references';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import { PodCertificates } from '../../../syncer/pods/certificates/pod-certificates';
import { POD_CERTIFICATE_REQUESTS, type PodCertificateRequest } from '../../../syncer/pods/certificates/request';
import { BY_NAMESPACE, DNS_SERVICE_KEY } from '../../../syncer/pods/context';
import { PodSync } from '../../../syncer/pods/sync';
import { TRUST_BUNDLES, type TrustBundle } from '../../../syncer/pods/trust-bundles';
import type { Pod } from '../../../syncer/pods/types';
import type { Service } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';

export const signal: AbortSignal = new AbortController().signal;
export const { pods, secrets } = RESOURCES;
export const KEY = 'shop/web';
export const HOST_KEY = `${ARTICLE.hostNamespace}/${hostName('web', 'shop', ARTICLE.cluster)}`;
export const TOKENS_KEY = `${ARTICLE.hostNamespace}/${tokenSecretName('web', 'shop', ARTICLE.cluster)}`;
const TOKEN = { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } };

/** A virtual pod with a token of its service account, as admission leaves it. */
export const WEB: Pod = {
  metadata: { name: 'web', namespace: 'shop', generation: 1 },
  spec: {
    containers: [{ name: 'main', image: 'nginx:1' }],
    serviceAccountName: 'robot',
    volumes: [{ name: 'access', projected: { sources: [TOKEN] } }],
  },
  status: { phase: 'Pending' },
};

/** Pods at work between two API servers; `dns` tells whether the virtual cluster's DNS has an address already. */
export function syncing({ dns = true, gate }: { readonly dns?: boolean; readonly gate?: HostGate } = {}) {
  const virtual = new MemoryApi('virtual');
  const host = new MemoryApi('host');
  virtual.put(RESOURCES.namespaces, { metadata: { name: 'shop' } });
  virtual.put(RESOURCES.serviceAccounts, { metadata: { name: 'robot', namespace: 'shop' } });
  const [namespace = '', name = ''] = DNS_SERVICE_KEY.split('/');
  const startDns = () =>
    virtual.put<Service>(RESOURCES.services, { metadata: { namespace, name }, spec: { clusterIP: '10.96.0.53' } });
  if (dns) startDns();
  const virtualCache = virtual.cache<Pod>(pods);
  const hostCache = host.cache<Pod>(pods);
  const absence = new AbsenceGuard(virtual, () => undefined);
  absence.watch([virtualCache]);
  const references = new ReferenceIndex();
  const ensured: string[] = [];
  const refusals: string[] = [];
  const again: { readonly key: string; readonly milliseconds: number }[] = [];
  const now = () => virtual.now;
  const hostSecrets = new Side(host.cache<Secret>(secrets, { transform: withoutData }), host, withoutData);
  const sync = new PodSync({
    context: ARTICLE,
    surroundings: {
      context: ARTICLE,
      apiServiceIp: '10.96.0.9',
      services: virtual.cache<Service>(RESOURCES.services, {
        indexers: { [BY_NAMESPACE]: ({ metadata }) => [metadata.namespace ?? ''] },
      }),
      namespaces: virtual.cache(RESOURCES.namespaces),
      nodes: virtual.cache(RESOURCES.nodes),
      trustBundles: virtual.cache<TrustBundle>(TRUST_BUNDLES),
    },
    virtual: new Side(virtualCache, virtual),
    host: new Side(hostCache, host, undefined, gate),
    absence,
    references,
    recorder: createRecorder(virtual, () => undefined, now),
    tokens: { virtual, hostSecrets, context: ARTICLE, now },
    certificates: new PodCertificates({
      virtual,
      hostSecrets,
      nodes: virtual.cache(RESOURCES.nodes),
      requests: virtual.cache<PodCertificateRequest>(POD_CERTIFICATE_REQUESTS),
      now,
      refused: (_, message) => refusals.push(message),
      again: (key, milliseconds) => again.push({ key, milliseconds }),
    }),
    ensureReferenced: async (resource, key) => {
      ensured.push(`${resource.plural} ${key}, host pods: ${host.keys(pods).length}`);
    },
    ensureNode: async (node) => {
      virtual.put(RESOURCES.nodes, { metadata: { name: node } });
    },
    again: (key, milliseconds) => again.push({ key, milliseconds }),
  });
  const reconcile = () => sync.reconcile(KEY, signal);
  const pod = () => virtual.peek<Pod>(pods, KEY);
  const hosted = () => host.peek<Pod>(pods, HOST_KEY);
  /** Changes the host pod as the host's scheduler and kubelet do. */
  const onHost = (spec: Partial<Pod['spec']>, status: Pod['status'] = {}) => {
    const found = hosted();
    if (found === undefined) throw new Error('there is no host pod');
    host.put<Pod>(pods, { ...found, spec: { ...found.spec, ...spec }, status: { ...found.status, ...status } });
  };
  const take = () => [...virtual.take(), ...host.take()];
  const warnings = () =>
    virtual.keys(RESOURCES.events).map((key) => virtual.peek<Warning>(RESOURCES.events, key)?.reason);
  return {
    virtual,
    host,
    virtualCache,
    hostCache,
    absence,
    references,
    ensured,
    again,
    refusals,
    sync,
    startDns,
    reconcile,
    pod,
    hosted,
    onHost,
    take,
    warnings,
  };
}

type Warning = Pod & { readonly reason: string };

/** As {@link syncing}, with a pod that runs on `worker-1` and nothing left to do. */
export async function running() {
  const both = syncing();
  both.virtual.put(pods, WEB);
  await both.reconcile();
  both.onHost({ nodeName: 'worker-1' }, { phase: 'Running', startTime: '2026-01-01T00:00:00Z', podIP: '10.0.0.5' });
  await both.reconcile();
  expect(await both.reconcile()).toEqual({ kind: 'unchanged' });
  await both.absence.checkStore(signal);
  both.again.length = 0;
  both.take();
  return both;
}
