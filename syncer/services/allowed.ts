import type { EnforcedIsolation, ServiceRules } from '../../lib/contract';
import type { ClusterContext, Translation, Warning } from '../engine/types';
import { isInRanges } from '../isolation/address-ranges';
import { denial, isolationOf, quoted } from '../isolation/rules';
import { needsNodePorts } from './node-ports';
import type { Service, ServicePort, ServiceSpec } from './types';

type Refused = Extract<Translation<Service>, { readonly kind: 'refused' }>;

/** Why a Service may not be on the host as what it is, undefined if it may. */
export function refusedService(spec: ServiceSpec, ctx: ClusterContext): Refused | undefined {
  const rules = isolationOf(ctx)?.services;
  if (rules === undefined) return undefined;
  const { type, loadBalancerClass, allocateLoadBalancerNodePorts } = spec;
  if (type === 'LoadBalancer' && !rules.loadBalancers) {
    return refused('services.loadBalancers', 'spec.type', 'load balancers are not allowed here');
  }
  if (type === 'LoadBalancer' && loadBalancerClass && !rules.loadBalancerClasses.includes(loadBalancerClass)) {
    const problem = `the class ${quoted(loadBalancerClass)} can't be used here`;
    return refused('services.loadBalancerClasses', 'spec.loadBalancerClass', problem);
  }
  if (!rules.nodePorts && needsNodePorts(spec)) {
    return type === 'NodePort'
      ? refused('services.nodePorts', 'spec.type', 'node ports are not allowed here')
      : refused(
          'services.nodePorts',
          'spec.allocateLoadBalancerNodePorts',
          `must be false, as node ports are not allowed here, not ${allocateLoadBalancerNodePorts ?? 'left out'}`,
        );
  }
  return undefined;
}

/** What of the addresses and ports that a Service asks for reaches the host, and what is said about the rest. */
export interface AllowedSpec {
  readonly spec: Pick<ServiceSpec, 'externalIPs' | 'loadBalancerIP' | 'ports'>;
  readonly warnings: readonly Warning[];
}

/**
 * The addresses and ports that a Service may have on the host. Addresses could be anybody's (CVE-2020-8554), so that
 * only those on the lists pass. A node port is the host's to give: a number passes when it may be chosen, or when the
 * host's Service (`host`) has it already, as the virtual one then shows what the host gave. (A health check's port passes:
 * the virtual API server gives it by itself and never changes it, and the node answers there only whether it has pods.)
 */
export function allowedSpec(spec: ServiceSpec, host: ServiceSpec | undefined, ctx: ClusterContext): AllowedSpec {
  const rules = isolationOf(ctx);
  const { externalIPs = [], loadBalancerIP } = spec;
  const warnings: Warning[] = [];
  const stays = (rule: string, field: string, value: string | number, instead = 'it stays behind') =>
    warnings.push({
      reason: 'FieldNotAllowed',
      message: denial(rule, field, `${quoted(String(value))} is not allowed here, ${instead}`),
    });
  const addresses = externalIPs.filter((address, index) => {
    const isAllowed = isInRanges(address, rules?.services.externalIPs ?? []);
    if (!isAllowed) stays('services.externalIPs', `spec.externalIPs[${index}]`, address);
    return isAllowed;
  });
  const balanced = loadBalancerIP ? isInRanges(loadBalancerIP, rules?.services.loadBalancerIPs ?? []) : false;
  if (loadBalancerIP && !balanced) stays('services.loadBalancerIPs', 'spec.loadBalancerIP', loadBalancerIP);
  const ports = spec.ports?.map((port, index) => {
    if (mayHave(port, host, rules)) return port;
    stays('services.nodePortRanges', `spec.ports[${index}].nodePort`, port.nodePort ?? 0, 'the host gives another');
    const { nodePort: _, ...rest } = port;
    return rest;
  });
  return {
    spec: {
      ...(addresses.length > 0 && { externalIPs: addresses }),
      ...(balanced && loadBalancerIP && { loadBalancerIP }),
      ...(ports && { ports }),
    },
    warnings,
  };
}

function mayHave(port: ServicePort, host: ServiceSpec | undefined, rules: EnforcedIsolation | undefined): boolean {
  const { nodePort, protocol = 'TCP' } = port;
  if (rules === undefined || !nodePort || isInPorts(nodePort, rules.services)) return true;
  return (host?.ports ?? []).some((own) => own.nodePort === nodePort && (own.protocol ?? 'TCP') === protocol);
}

function isInPorts(port: number, { nodePortRanges }: ServiceRules): boolean {
  return nodePortRanges.some(({ from, to }) => from <= port && port <= to);
}

function refused(rule: string, field: string, problem: string): Refused {
  return { kind: 'refused', reason: 'FieldNotAllowed', field, message: denial(rule, field, problem) };
}
