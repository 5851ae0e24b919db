import { backingStore } from './backing-store';
import { coredns } from './coredns';
import { distro } from './distro';
import type { Draft } from './draft';
import { names, text } from './readers';
import { elsewhere, feature, group, moved, notNeeded, type Rule, unsupported } from './rules';
import { service } from './service';
import { statefulSet } from './stateful-set';
import { isEmpty, isTree, type Path, valueAt } from './tree';

const OWN_NODES = 'it belongs to nodes of its own, which a virtual cluster does not have';
const METADATA = 'add it to the objects: ApiObject.of(cluster) in cdk8s, transforms in Pulumi';

/** `controlPlane`. */
export const controlPlane: Rule = group({
  distro,
  backingStore,
  coredns,
  service,
  statefulSet,
  proxy: group({
    bindAddress: notNeeded('there is no proxy before the API server'),
    port: notNeeded('there is no proxy before the API server; its Service has port 443'),
    extraSANs: extraSans,
  }),
  ingress: reachedBy('an Ingress'),
  tlsRoute: reachedBy('a TLSRoute'),
  endpoint: notNeeded(OWN_NODES),
  hostPathMapper: feature('host paths are not mapped: collect logs on the host, by the labels of the copies'),
  standalone: feature('a control plane is a pod of a host cluster'),
  serviceMonitor: feature(
    'write a ServiceMonitor or PodMonitor of your own: the syncer serves /metrics on port 8080 of the pod',
  ),
  advanced: group({
    defaultImageRegistry: moved('images.registry', (value) => trimmed(text(value))),
    virtualScheduler: group({ enabled: elsewhere }),
    serviceAccount: group({
      enabled: unsupported('the syncer has a ServiceAccount of its own', true),
      name: unsupported('its name is vc-<name>'),
      imagePullSecrets: moved('images.pullSecrets', names),
      labels: unsupported(METADATA),
      annotations: unsupported(METADATA),
    }),
    workloadServiceAccount: group({
      enabled: notNeeded('pods of tenants have no rights on the host'),
      name: notNeeded('pods of tenants have no rights on the host'),
      imagePullSecrets: moved('images.workloadPullSecrets', names),
      labels: notNeeded('pods of tenants have no identity on the host'),
      annotations: unsupported('tokens are those of the virtual cluster: let your cloud trust its issuer'),
    }),
    headlessService: group({ labels: unsupported(METADATA), annotations: unsupported(METADATA) }),
    globalMetadata: group({ annotations: unsupported(METADATA) }),
    podDisruptionBudget: feature('the control plane is one pod, which a budget would keep from ever moving'),
    registry: feature('there is no registry inside; images come from where images.registry says'),
    konnectivity: notNeeded(OWN_NODES),
    cloudControllerManager: notNeeded(OWN_NODES),
    kubeVip: feature(OWN_NODES),
  }),
});

/** The way in from outside is an object of one's own; its name must be in the certificate, which is done here. */
function reachedBy(what: string): Rule {
  return (value, from, draft) => {
    if (!isTree(value) || value.enabled !== true) return draft.note('default', from, 'is switched off');
    const host = valueAt(value, ['host']);
    if (!isEmpty(host)) addSan(host, [...from, 'host'], draft);
    const instead = `make ${what} of your own to port 443 of the Service, TLS passed through, and say kubeconfig.server`;
    draft.note('unsupported', from, instead);
  };
}

function extraSans(value: unknown, from: Path, draft: Draft): void {
  if (isEmpty(value)) draft.note('default', from, 'is empty');
  else if (!Array.isArray(value)) draft.note('unknown', from, 'is not a list, as vCluster wants it');
  else for (const [index, san] of value.entries()) addSan(san, [...from, index], draft);
}

/** Names come from several keys. */
function addSan(san: unknown, from: Path, draft: Draft): void {
  const to = ['controlPlane', 'extraSans'];
  const before = draft.get(to);
  const sans: readonly unknown[] = Array.isArray(before) ? before : [];
  const known = sans.indexOf(san);
  draft.set(from, [...to, known < 0 ? sans.length : known], san);
}

/** vCluster takes a registry with a slash at its end too. */
function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/+$/, '') : value;
}
