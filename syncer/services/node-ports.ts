import type { Service, ServicePort, ServiceSpec } from './types';

/** Whether the API server gives each port of such a Service a node port. */
export function needsNodePorts(spec: ServiceSpec | undefined): boolean {
  return spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
}

/**
 * The ports of `service` with the node ports that `donor` has for the same ports, or `undefined` when they have them
 * already, need none, or the two don't (yet) have the same ports.
 */
export function portsWithNodePortsOf(donor: Service, service: Service): ServicePort[] | undefined {
  if (!needsNodePorts(donor.spec) || !needsNodePorts(service.spec)) return undefined;
  const own = service.spec?.ports ?? [];
  const theirs = donor.spec?.ports ?? [];
  const given = own.map((port) => theirs.find((candidate) => isSamePort(candidate, port))?.nodePort);
  if (!own.some((port, index) => given[index] !== undefined && given[index] !== port.nodePort)) return undefined;
  return own.map((port, index) => {
    const nodePort = given[index];
    return nodePort === undefined ? port : { ...port, nodePort };
  });
}

function isSamePort(a: ServicePort, b: ServicePort): boolean {
  return a.name === b.name && a.port === b.port && (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP');
}
