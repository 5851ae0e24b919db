import { clusterNames, tokenSecretName } from '../../../lib/contract';
import type { Pod, PodContext, PodSpec } from '../../../syncer/pods';
import { toHostPod } from '../../../syncer/pods';
import { NO_HOST_CLASSES } from '../../../syncer/pods/host-classes';
import { sectionsOf } from '../engine/sections';

/** What a test may say of a pod. */
export interface PodWishes {
  readonly metadata?: Pod['metadata'];
  readonly spec?: Partial<PodSpec>;
  readonly status?: Pod['status'];
}

export const virtualPod = ({ metadata, spec, status }: PodWishes = {}): Pod => ({
  metadata: { name: 'nginx', namespace: 'default', uid: 'uid-1', generation: 1, ...metadata },
  spec: { containers: [{ name: 'main', image: 'nginx:1' }], ...spec },
  ...(status && { status }),
});

export const podContext = (wishes: Partial<PodContext> = {}): PodContext => ({
  cluster: 'my-vcluster',
  hostNamespace: 'team-a',
  names: clusterNames('my-vcluster'),
  ownerUid: 'owner-uid',
  config: {
    version: 1,
    clusterDomain: 'cluster.local',
    extraSans: [],
    kubeconfigServer: 'https://localhost:8443',
    syncerImage: 'ghcr.io/sublet/syncer:0.1.0',
    syncerImagePullPolicy: 'IfNotPresent',
    dns: {
      mode: 'coredns',
      image: 'coredns',
      replicas: 1,
      resources: { requests: {}, limits: {} },
      forwardToHost: false,
      names: [],
      upstream: [],
    },
    kubernetesVersion: '1.37.2',
    admission: 'baseline',
  },
  // What isolation refuses has tests of its own.
  sections: sectionsOf({ isolation: { level: 'off' } }),
  kubernetesService: { clusterIP: '10.96.7.7', port: 443 },
  dnsServiceIP: '10.96.0.53',
  services: [],
  namespaceLabels: { 'kubernetes.io/metadata.name': 'default' },
  tokenSecret: tokenSecretName('nginx', 'default', 'my-vcluster'),
  hostClasses: NO_HOST_CLASSES,
  knownNodes: new Set(['node-1']),
  ...wishes,
});

/** The host's pod, for pods that can be translated. */
export function translated(v: Pod, ctx: PodContext = podContext()): Pod {
  const translation = toHostPod(v, ctx);
  if (translation.kind !== 'object') throw new Error(`not translated: ${JSON.stringify(translation)}`);
  return translation.object;
}

/** The host pod of a virtual one as it lies in the host's API. */
export function hostPod(v: Pod, wishes: PodWishes = {}): Pod {
  const { metadata, spec } = translated(v);
  return {
    metadata: { ...metadata, uid: 'host-uid', generation: 1, ...wishes.metadata },
    spec: { ...spec, ...wishes.spec },
    ...(wishes.status && { status: wishes.status }),
  };
}

/** Conditions by type and status. */
export const conditions = (statuses: { readonly [type: string]: string }) =>
  Object.entries(statuses).map(([type, status]) => ({ type, status }));
