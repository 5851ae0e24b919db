import type { Service } from 'kubernetes-types/core/v1';
import type { Ingress } from 'kubernetes-types/networking/v1';
import { clusterNames, controlPlaneLabels, PORTS } from '../contract';
import type {
  EndpointOptions,
  GatewayEndpoint,
  IngressEndpoint,
  LoadBalancerEndpoint,
  NodePortEndpoint,
  ResolvedSpec,
  TraefikEndpoint,
} from '../spec';
import { metadata } from './metadata';
import { canBeShared } from './shared-store';
import type { Manifest, Slot } from './slot';

/** The object that leads from outside the host cluster to the API server, if the declaration has an endpoint. */
export function endpointSlots(spec: ResolvedSpec): readonly Slot[] {
  const { endpoint } = spec;
  return endpoint === undefined ? [] : [{ slot: `endpoint/${SLOTS[endpoint.via]}`, object: objectOf(spec, endpoint) }];
}

const SLOTS = {
  loadBalancer: 'service',
  nodePort: 'service',
  ingress: 'ingress',
  traefik: 'ingress-route',
  gateway: 'tls-route',
} as const satisfies { readonly [via in EndpointOptions['via']]: string };

function objectOf(spec: ResolvedSpec, endpoint: EndpointOptions): Manifest {
  switch (endpoint.via) {
    case 'loadBalancer':
    case 'nodePort':
      return service(spec, endpoint);
    case 'ingress':
      return ingress(spec, endpoint);
    case 'traefik':
      return ingressRoute(spec, endpoint);
    case 'gateway':
      return tlsRoute(spec, endpoint);
  }
}

function endpointMetadata(spec: ResolvedSpec, annotations: { readonly [key: string]: string } = {}) {
  return {
    ...metadata(spec, clusterNames(spec.name).endpoint),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
  };
}

function service(spec: ResolvedSpec, endpoint: LoadBalancerEndpoint | NodePortEndpoint) {
  const port = endpoint.via === 'nodePort' ? PORTS.apiService : (endpoint.port ?? PORTS.apiService);
  const fields =
    endpoint.via === 'nodePort'
      ? {}
      : {
          ...(endpoint.loadBalancerClass === undefined ? {} : { loadBalancerClass: endpoint.loadBalancerClass }),
          ...(endpoint.loadBalancerSourceRanges === undefined
            ? {}
            : { loadBalancerSourceRanges: [...endpoint.loadBalancerSourceRanges] }),
        };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: endpointMetadata(spec, endpoint.annotations),
    spec: {
      type: endpoint.via === 'nodePort' ? 'NodePort' : 'LoadBalancer',
      selector: { ...controlPlaneLabels(spec.name) },
      // As with the other Services of the control plane: a single API server is reached without its syncer too.
      publishNotReadyAddresses: !canBeShared(spec),
      ports: [
        {
          name: 'https',
          protocol: 'TCP',
          port,
          targetPort: PORTS.apiServer,
          ...(endpoint.via === 'nodePort' ? { nodePort: endpoint.nodePort } : {}),
        },
      ],
      ...fields,
    },
  } satisfies Service;
}

/** How each controller is told to pass TLS through: ingress-nginx (`--enable-ssl-passthrough`), HAProxy's own. */
const PASS_THROUGH = {
  nginx: {
    'nginx.ingress.kubernetes.io/ssl-passthrough': 'true',
    'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS',
  },
  haproxy: { 'haproxy.org/ssl-passthrough': 'true' },
} as const satisfies { readonly [controller in IngressEndpoint['controller']]: { readonly [key: string]: string } };

function ingress(spec: ResolvedSpec, { hostname, ingressClass, controller, annotations }: IngressEndpoint) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: endpointMetadata(spec, { ...annotations, ...PASS_THROUGH[controller] }),
    spec: {
      ingressClassName: ingressClass,
      rules: [
        {
          host: hostname,
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: spec.name, port: { name: 'https' } } } },
            ],
          },
        },
      ],
    },
  } satisfies Ingress;
}

function ingressRoute(spec: ResolvedSpec, { hostname, entryPoints, annotations }: TraefikEndpoint): Manifest {
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRouteTCP',
    metadata: endpointMetadata(spec, annotations),
    spec: {
      ...(entryPoints === undefined ? {} : { entryPoints: [...entryPoints] }),
      routes: [{ match: `HostSNI(\`${hostname}\`)`, services: [{ name: spec.name, port: PORTS.apiService }] }],
      tls: { passthrough: true },
    },
  };
}

function tlsRoute(spec: ResolvedSpec, { hostname, gateway, annotations }: GatewayEndpoint): Manifest {
  const { name, namespace, listener } = gateway;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'TLSRoute',
    metadata: endpointMetadata(spec, annotations),
    spec: {
      parentRefs: [
        {
          name,
          ...(namespace === undefined ? {} : { namespace }),
          ...(listener === undefined ? {} : { sectionName: listener }),
        },
      ],
      hostnames: [hostname],
      rules: [{ backendRefs: [{ name: spec.name, port: PORTS.apiService }] }],
    },
  };
}
