import { backingStore } from './backing-store';
import { coredns } from './coredns';
import { distro } from './distro';
import type { Draft } from './draft';
import { ingress, tlsRoute } from './endpoint';
import { names, text } from './readers';
import { elsewhere, feature, group, moved, notNeeded, type Rule, unsupported } from './rules';
import { service } from './service';
import { statefulSet } from './stateful-set';
import { isEmpty, type Path } from './tree';

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
  ingress,
  tlsRoute,
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
    podDisruptionBudget: notNeeded('there is one where the store allows several pods; it takes one pod at a time'),
    registry: feature('there is no registry inside; images come from where images.registry says'),
    konnectivity: notNeeded(OWN_NODES),
    cloudControllerManager: notNeeded(OWN_NODES),
    kubeVip: feature(OWN_NODES),
  }),
});

function extraSans(value: unknown, from: Path, draft: Draft): void {
  if (isEmpty(value)) draft.note('default', from, 'is empty');
  else if (!Array.isArray(value)) draft.note('unknown', from, 'is not a list, as vCluster wants it');
  else
    for (const [index, san] of value.entries()) draft.set([...from, index], ['controlPlane', 'extraSans', index], san);
}

/** vCluster takes a registry with a slash at its end too. */
function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/+$/, '') : value;
}
