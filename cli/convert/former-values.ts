import { SubletError } from '../../lib/contract';
import { isTree, type Tree } from './tree';

/** Keys that stood at the top before vCluster 0.20, and stand nowhere there since. */
const FORMER: readonly string[] = [
  'api',
  'autoDeletePersistentVolumeClaims',
  'coredns',
  'controller',
  'defaultImageRegistry',
  'embeddedEtcd',
  'etcd',
  'fallbackHostDns',
  'globalAnnotations',
  'headless',
  'ingress',
  'init',
  'isolation',
  'k3sToken',
  'mapServices',
  'monitoring',
  'multiNamespaceMode',
  'nodeSelector',
  'openshift',
  'podAnnotations',
  'podLabels',
  'proLicenseSecret',
  'proxy',
  'scheduler',
  'securityContext',
  'service',
  'serviceAccount',
  'storage',
  'syncer',
  'tolerations',
  'vcluster',
  'workloadServiceAccount',
];

/** Kinds that stood directly below `sync`. */
const FORMER_KINDS: readonly string[] = [
  'configmaps',
  'csidrivers',
  'csinodes',
  'csistoragecapacities',
  'endpoints',
  'events',
  'fake-nodes',
  'fake-persistentvolumes',
  'generic',
  'hoststorageclasses',
  'ingressclasses',
  'ingresses',
  'networkpolicies',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'poddisruptionbudgets',
  'pods',
  'priorityclasses',
  'secrets',
  'serviceaccounts',
  'services',
  'storageclasses',
  'volumesnapshots',
];

/**
 * Refuses values of vCluster's charts before 0.20, which had other keys.
 * @throws SubletError `USAGE`
 */
export function refuseFormerValues(values: Tree): void {
  const top = Object.keys(values).filter((key) => FORMER.includes(key));
  const { sync } = values;
  const kinds = isTree(sync) ? Object.keys(sync).filter((key) => FORMER_KINDS.includes(key.toLowerCase())) : [];
  const seen = [...top, ...kinds.map((kind) => `sync.${kind}`)];
  if (seen.length === 0) return;
  const few = seen.slice(0, 3).join(', ') + (seen.length > 3 ? ' …' : '');
  throw new SubletError('USAGE', `these are values of a vCluster chart before 0.20 (${few}), which had other keys`, {
    hint: 'bring them to today’s form first, with `vcluster convert config` of a vCluster CLI from 0.20 to 0.31',
  });
}
