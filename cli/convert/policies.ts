import { limitRange, resourceQuota } from './quota';
import { enabled, feature, group, notNeeded, type Rule, unsupported } from './rules';
import { isTree } from './tree';

/** `policies`. */
export const policies: Rule = (value, from, draft) => {
  const on = (key: string): boolean => isTree(value) && enabled(value[key]);
  const [quota, limits] = [on('resourceQuota'), on('limitRange')];
  const has = (key: string): boolean => isTree(value) && Object.hasOwn(value, key);
  if (quota && !has('limitRange')) limitRange(true)(undefined, [...from, 'limitRange'], draft);
  if (limits && !has('resourceQuota')) resourceQuota(true)(undefined, [...from, 'resourceQuota'], draft);
  group({
    podSecurityStandard,
    resourceQuota: resourceQuota(limits),
    limitRange: limitRange(quota),
    networkPolicy: networkPolicy(),
    centralAdmission: group({
      validatingWebhooks: unsupported(
        'make the webhooks in the virtual cluster, and keep tenants from changing them by RBAC',
      ),
      mutatingWebhooks: unsupported(
        'make the webhooks in the virtual cluster, and keep tenants from changing them by RBAC',
      ),
    }),
  })(value, from, draft);
};

/** vCluster has none by default; isolation begins with `baseline`. */
const podSecurityStandard: Rule = (value, from, draft) => {
  if (value === '')
    draft.note('default', from, "pods must meet the standard baseline: isolation.level 'privileged' lifts it");
  else draft.set(from, ['isolation', 'level'], value);
};

/** vCluster's policy, off by default, lets pods out to the world; isolation, on by default, lets them out nowhere. */
function networkPolicy(): Rule {
  return (value, from, draft) => {
    if (isTree(value) && !enabled(value)) {
      draft.note('default', from, 'pods are kept in here all the same: isolation.network.enforce lets them out');
      return;
    }
    const ranges = 'isolation.network: name the host in hostRanges, and what pods may reach in egress';
    group({
      enabled: (_value, path) =>
        draft.note('default', path, 'pods reach each other, their DNS and their API server, and nothing else'),
      fallbackDns: unsupported('dns.upstream names the servers for names outside, and lets the DNS reach them'),
      controlPlane: unsupported('isolation.network.controlPlane opens what the control plane needs beyond'),
      workload: unsupported(`${ranges} (docs/guides/isolation.md)`),
      extraControlPlaneRules: unsupported('isolation.network.controlPlane opens what the control plane needs beyond'),
      extraWorkloadRules: unsupported(`${ranges} (docs/guides/isolation.md)`),
      labels: unsupported('policies carry the labels of the virtual cluster'),
      annotations: unsupported('policies have no annotations'),
    })(value, from, draft);
  };
}

const RIGHTS = 'bind a Role of your own to the ServiceAccount vc-<name>';
const GENERATED = 'rights are made from what is switched on, and no others';

/** `rbac`. */
export const rbac: Rule = group({
  role: group({
    enabled: unsupported(GENERATED, true),
    extraRules: unsupported(RIGHTS),
    overwriteRules: unsupported(GENERATED),
  }),
  clusterRole: group({
    enabled: unsupported(GENERATED, 'auto', true, false),
    extraRules: unsupported(RIGHTS),
    overwriteRules: unsupported(GENERATED),
    disabled: unsupported(GENERATED, false),
  }),
  enableVolumeSnapshotRules: (value, from, draft) => {
    if (value === false) draft.note('unsupported', from, GENERATED);
    else draft.note('default', from, 'the rights come with sync.toHost.volumeSnapshots');
  },
});

/** `integrations`. What is not here needs no integration, or custom resources. */
export const integrations: Rule = group({
  metricsServer: (value, from, draft) => {
    const on = enabled(value);
    const both = on
      ? unsupported('measurements of pods and of nodes show together: nodes.metrics.source', true)
      : notNeeded('is switched off');
    group({
      enabled: (_value, path) => {
        if (on) draft.note('default', path, 'measurements of the host show where it has them');
        else {
          draft.set(path, ['nodes', 'metrics', 'source'], 'none');
          if (draft.get(['nodes', 'mode']) === undefined) draft.imply(['nodes', 'mode'], 'fake');
        }
      },
      nodes: both,
      pods: both,
      apiService: notNeeded('the syncer serves the measurements itself'),
    })(value, from, draft);
  },
  certManager: byCustomResources('Certificates and Issuers'),
  externalSecrets: byCustomResources('ExternalSecrets and stores'),
  istio: byCustomResources('VirtualServices, DestinationRules and Gateways'),
  kubeVirt: byCustomResources('VirtualMachines'),
  netris: feature('it needs nodes of its own'),
  argoCD: feature('register the cluster by the kubeconfig of the Secret vc-<name>'),
});

function byCustomResources(what: string): Rule {
  return feature(
    `declare ${what} in customResources, with the fields that name other objects (docs/guides/custom-resources.md)`,
  );
}
