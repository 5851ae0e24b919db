import { clusterNames } from '../../../lib/contract';
import type { ClusterContext } from '../../../syncer/engine/types';
import { sectionsOf } from './sections';

/** The virtual cluster of the article: `my-vcluster` in `vcluster-my-vcluster`. */
export const ARTICLE: ClusterContext = {
  cluster: 'my-vcluster',
  hostNamespace: 'vcluster-my-vcluster',
  names: clusterNames('my-vcluster'),
  ownerUid: '463a503e-d889-49a7-94e0-0cba5299dd47',
  config: {
    version: 1,
    clusterDomain: 'cluster.local',
    extraSans: [],
    kubeconfigServer: 'https://my-vcluster.vcluster-my-vcluster.svc',
    syncerImage: 'ghcr.io/sublet/syncer:0.1.0',
    syncerImagePullPolicy: 'IfNotPresent',
    dns: {
      mode: 'coredns',
      image: 'registry.k8s.io/coredns/coredns:v1.14.0',
      replicas: 1,
      resources: { requests: {}, limits: {} },
      forwardToHost: false,
      names: [],
      upstream: [],
    },
    kubernetesVersion: '1.37.2',
    admission: 'baseline',
  },
  sections: sectionsOf(),
};

/** As {@link ARTICLE}, with a host namespace `my-vcluster-<namespace>` for each virtual one. */
export const PER_NAMESPACE: ClusterContext = {
  ...ARTICLE,
  sections: sectionsOf({ namespaces: { mode: 'perNamespace' } }),
  isUsable: () => true,
};
