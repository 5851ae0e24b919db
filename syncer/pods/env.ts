import type { EnvVar } from 'kubernetes-types/core/v1';
import type { Warning } from '../engine/types';
import type { Pod, PodContext, ServiceForEnv, ServicePortForEnv } from './types';

/**
 * The environment variables by which a kubelet tells containers of Services: `KUBERNETES_*` always, the others of the
 * pod's namespace unless `enableServiceLinks` is false. Sorted by name. The host's kubelet would name the host's.
 */
export function serviceEnv(v: Pod, ctx: PodContext): EnvVar[] {
  const variables = new Map<string, string>();
  for (const service of visibleServices(v, ctx)) {
    for (const [name, value] of serviceVariables(service)) variables.set(name, value);
  }
  return [...variables].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ name, value }));
}

/**
 * A container's variables: the Services' first, so that the container's own may refer to them by `$(NAME)`, and its own
 * win. One that the container defines itself is kept only where an earlier variable refers to it.
 */
export function containerEnv(own: readonly EnvVar[], services: readonly EnvVar[]): EnvVar[] {
  const needed = services.filter(({ name }) => {
    const overriddenAt = own.findIndex((variable) => variable.name === name);
    return overriddenAt === -1 || own.slice(0, overriddenAt + 1).some(({ value }) => value?.includes(`$(${name})`));
  });
  return [...needed, ...own];
}

/**
 * How many Services containers are told of. On a kubelet there is no limit but the kernel's, upon which containers of a
 * namespace with some thousands no longer start; here the variables are part of each host pod, seven for each Service.
 */
const MAX_LINKS = 200;

/** What a tenant is told whose containers hear of no Services because there are too many; `undefined` for others. */
export function linksLeftOut(v: Pod, ctx: PodContext): Warning | undefined {
  if (!wantsLinks(v, ctx) || ctx.services.length <= MAX_LINKS) return undefined;
  const { length } = ctx.services;
  const message = `The namespace has ${length} Services, more than ${MAX_LINKS}: none of them is in the environment of containers, which find them by DNS. Set spec.enableServiceLinks to false to say that this is meant.`;
  return { reason: 'ServiceLinksLeftOut', message };
}

function wantsLinks(v: Pod, ctx: PodContext): boolean {
  return ctx.sections.sync.toHost.pods.serviceLinks && v.spec.enableServiceLinks !== false;
}

function visibleServices(v: Pod, ctx: PodContext): readonly ServiceForEnv[] {
  const { namespace = '' } = v.metadata;
  const { clusterIP, port } = ctx.kubernetesService;
  const kubernetes = { name: 'kubernetes', namespace: 'default', clusterIP, ports: [{ name: 'https', port }] };
  if (!wantsLinks(v, ctx) || ctx.services.length > MAX_LINKS) return [kubernetes];
  const isApi = ({ name }: ServiceForEnv) => namespace === 'default' && name === 'kubernetes';
  // A Service `kubernetes` of another namespace hides the API's there, as on a kubelet: the later one wins.
  return [kubernetes, ...ctx.services.filter((service) => service.namespace === namespace && !isApi(service))];
}

function serviceVariables(service: ServiceForEnv): readonly (readonly [string, string])[] {
  const { clusterIP, ports } = service;
  const [first] = ports;
  if (clusterIP === undefined || clusterIP === '' || clusterIP === 'None' || first === undefined) return [];
  const prefix = variableName(service.name);
  return [
    [`${prefix}_SERVICE_HOST`, clusterIP],
    [`${prefix}_SERVICE_PORT`, String(first.port)],
    ...ports
      .filter(({ name }) => name !== undefined && name !== '')
      .map(({ name = '', port }) => [`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port)] as const),
    [`${prefix}_PORT`, portUrl(clusterIP, first)],
    ...ports.flatMap((port) => linkVariables(prefix, clusterIP, port)),
  ];
}

/** The variables of Docker's long gone container links, which kubelets still set. */
function linkVariables(
  service: string,
  clusterIP: string,
  port: ServicePortForEnv,
): readonly (readonly [string, string])[] {
  const protocol = port.protocol ?? 'TCP';
  const prefix = `${service}_PORT_${port.port}_${protocol.toUpperCase()}`;
  return [
    [prefix, portUrl(clusterIP, port)],
    [`${prefix}_PROTO`, protocol.toLowerCase()],
    [`${prefix}_PORT`, String(port.port)],
    [`${prefix}_ADDR`, clusterIP],
  ];
}

function portUrl(clusterIP: string, { port, protocol = 'TCP' }: ServicePortForEnv): string {
  const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP;
  return `${protocol.toLowerCase()}://${host}:${port}`;
}

function variableName(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}
