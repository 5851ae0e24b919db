import { anyEnabled, enabled, feature, group, notNeeded, type Rule, unsupported } from './rules';
import { isEmpty } from './tree';

const INSIDE =
  'apply it to the virtual cluster once it is ready: in Pulumi by cluster.provider, else with its kubeconfig';
const BESIDE = 'add it to the program, beside the virtual cluster';

/** `experimental`. */
export const experimental: Rule = group({
  deploy: group({
    host: group({ manifests: unsupported(BESIDE), manifestsTemplate: unsupported(BESIDE) }),
    vcluster: group({
      manifests: unsupported(INSIDE),
      manifestsTemplate: unsupported(INSIDE),
      helm: unsupported(INSIDE),
    }),
    manifests: unsupported(INSIDE),
    manifestsTemplate: unsupported(INSIDE),
    helm: unsupported(INSIDE),
  }),
  multiNamespaceMode: (value, from, draft) => {
    if (enabled(value)) draft.set([...from, 'enabled'], ['namespaces', 'mode'], 'perNamespace');
    else draft.note('default', from, 'is switched off');
  },
  syncSettings: group({
    setOwner: unsupported('copies always belong to the Service of the virtual cluster, and go with it', true),
    disableSync: unsupported('without syncing nothing would run', false),
    rewriteKubernetesService: notNeeded('pods reach the API server of the virtual cluster by default/kubernetes'),
    targetNamespace: unsupported('copies lie beside the control plane; see namespaces for others'),
    hostMetricsBindAddress: notNeeded('the syncer serves its metrics on port 8080'),
    virtualMetricsBindAddress: notNeeded('the syncer serves its metrics on port 8080'),
  }),
  isolatedControlPlane: feature('control plane and pods are on the same host cluster', isOn),
  virtualClusterKubeConfig: unsupported('its certificates are made by Sublet'),
  genericSync: unsupported('declare custom kinds in customResources (docs/guides/custom-resources.md)', {
    clusterRole: { extraRules: [] },
    role: { extraRules: [] },
  }),
  denyProxyRequests: unsupported('keep tenants from it by RBAC, or by an admission policy in the virtual cluster'),
  proxy: feature('custom resources are copied, not passed on: see customResources', isOn),
  docker: feature('a virtual cluster needs a host cluster; `sublet host up` makes one on a machine', isOn),
  nodeMonitors: feature('nodes are watched by the host', isOn),
  reuseNamespace: notNeeded('several virtual clusters can share a host namespace'),
});

function isOn(value: unknown): boolean {
  return anyEnabled(value);
}

/** A section of vCluster's platform, or of machines of its own, with nothing here that it could become. */
export function wholeSection(instead: string): Rule {
  return (value, from, draft) => {
    if (isEmpty(value) || !saysSomething(value)) draft.note('default', from, 'is switched off');
    else draft.note('unsupported', from, instead);
  };
}

/** Whether anything in it is more than an empty value or a switch that is off. */
function saysSomething(value: unknown): boolean {
  if (value === false || value === 'auto' || isEmpty(value)) return false;
  if (typeof value !== 'object' || value === null) return true;
  if ('enabled' in value && value.enabled === false) return false;
  return Object.values(value).some(saysSomething);
}
