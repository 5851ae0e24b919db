import { type Amounts, addAmounts, amountsOf, NANO, podAmounts } from '../../../lib/contract';
import type { KubeObject, Resource } from '../../kube/types';
import type { Pod } from '../../pods/types';
import type { Service } from '../../services/types';
import type { PersistentVolumeClaim } from '../../storage/types';

/**
 * What an object of the host counts for in a quota, by the names that a ResourceQuota has for it. As Kubernetes counts:
 * a pod that has ended takes nothing, a claim takes what it requests.
 */
export function chargeOf(resource: Resource, object: KubeObject): Amounts {
  const charge = new Map<string, bigint>([[`count/${nameOf(resource)}`, NANO]]);
  if (resource.group !== '') return charge;
  if (isPod(resource, object)) addAmounts(charge, podCharge(object));
  else if (isService(resource, object)) addAmounts(charge, serviceCharge(object));
  else if (isClaim(resource, object)) {
    charge.set('persistentvolumeclaims', NANO);
    charge.set('requests.storage', amountsOf(object.spec.resources?.requests).get('storage') ?? 0n);
  } else charge.set(resource.plural, NANO);
  return charge;
}

/** A kind as quotas name it: `ingresses.networking.k8s.io`, `endpoints`. */
function nameOf({ group, plural }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function podCharge({ spec, status }: Pod): Amounts {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return new Map();
  const charge = new Map<string, bigint>([['pods', NANO]]);
  for (const side of ['requests', 'limits'] as const) {
    for (const [resource, amount] of podAmounts(spec, side)) charge.set(`${side}.${resource}`, amount);
  }
  return charge;
}

function serviceCharge({ spec = {} }: Service): Amounts {
  const { type = 'ClusterIP', ports = [], allocateLoadBalancerNodePorts = true } = spec;
  const withNodePorts = ports.filter(({ nodePort }) => allocateLoadBalancerNodePorts || nodePort !== undefined);
  const nodePorts = type === 'NodePort' ? ports.length : type === 'LoadBalancer' ? withNodePorts.length : 0;
  return new Map([
    ['services', NANO],
    ['services.nodeports', BigInt(nodePorts) * NANO],
    ['services.loadbalancers', type === 'LoadBalancer' ? NANO : 0n],
  ]);
}

// A kind has one type, which its resource stands for.
const isPod = (resource: Resource, _: KubeObject): _ is Pod => resource.plural === 'pods';
const isService = (resource: Resource, _: KubeObject): _ is Service => resource.plural === 'services';
const isClaim = (resource: Resource, _: KubeObject): _ is PersistentVolumeClaim =>
  resource.plural === 'persistentvolumeclaims';
