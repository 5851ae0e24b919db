import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { HostHandle } from '../../host';
import { binaryPath } from '../../host/binaries/cache';
import { ensureBinaries } from '../../host/binaries/ensure';
import { moduleSource } from '../../host/binaries/go-modules';
import { TRAEFIK } from '../../host/binaries/test-tools';
import { ensureImages } from '../../host/images/catalog';
import { loadLayouts } from '../../host/images/load-layouts';
import { baseEntries, program } from '../../host/images/rootfs';
import { stepReporter } from '../../host/steps';
import { kubectlTarget } from './cluster';
import { type GatewayDefinition, gatewayDefinitions } from './gateway-api';

/** Traefik on a host cluster, for the Ingresses, routes of its own kinds and gateways of one namespace. Disposing of it takes it away. */
export interface Traefik extends AsyncDisposable {
  /** The namespace of its pod. */
  readonly namespace: string;
  /** Its IngressClass and its GatewayClass. */
  readonly className: string;
  /** The address that it writes into the status of what it serves. */
  readonly address: string;
}

/** Where Traefik listens. A Gateway's listeners must have one of these ports. */
export const TRAEFIK_PORTS = { web: 8000, secure: 8443 } as const;

const NAME = 'traefik';
const IMAGE = `docker.io/library/traefik:v${TRAEFIK.version}`;
const RBAC = 'rbac.authorization.k8s.io';
const GATEWAY = 'gateway.networking.k8s.io';
const ADDRESS = '192.0.2.80';

/**
 * Runs Traefik on a host cluster, with the definitions of the Gateway API that it serves. It is built the first time.
 * @param served the namespace whose Ingresses and gateways it looks at; it has no rights to those of others
 */
export async function installTraefik(host: HostHandle, served: string): Promise<Traefik> {
  await ensureBinaries([TRAEFIK], stepReporter(undefined));
  const entries = [...baseEntries(), program(NAME, binaryPath(TRAEFIK, NAME))];
  await loadLayouts(host, await ensureImages([{ reference: IMAGE, layers: [entries], entrypoint: [`/${NAME}`] }]));
  const target = kubectlTarget(host.kubeconfig);
  const objects = manifests(served);
  const definitions = [...(await gatewayDefinitions(OLDER)), ...(await ownDefinitions())];
  const remove = async (): Promise<void> => {
    const list = { apiVersion: 'v1', kind: 'List', items: [...objects, ...definitions] };
    const input = JSON.stringify(list);
    await target.kubectl(['delete', '-f', '-', '--ignore-not-found', '--wait=false'], { input });
  };
  try {
    // Too large for the annotation of a client-side apply.
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: definitions });
    await target.kubectl(['apply', '--server-side', '-f', '-'], { input });
    await target.kubectl([
      'wait',
      '--for=condition=Established',
      '--timeout=60s',
      ...definitions.map(({ metadata }) => `crd/${metadata.name}`),
    ]);
    await target.apply(...objects);
    await target.kubectl(['rollout', 'status', `deployment/${NAME}`, '-n', NAME, '--timeout=120s']);
  } catch (error) {
    await remove();
    throw error;
  }
  return { namespace: NAME, className: NAME, address: ADDRESS, [Symbol.asyncDispose]: remove };
}

/** Kinds that it asks for in a version which only the experimental channel serves. */
const OLDER = ['tlsroutes', 'tcproutes'];

/** The definitions of Traefik's own kinds. */
async function ownDefinitions(): Promise<readonly GatewayDefinition[]> {
  const source = await moduleSource(`${TRAEFIK.go.module}@v${TRAEFIK.version}`);
  const directory = join(source, 'docs/content/reference/dynamic-configuration');
  const files = (await readdir(directory)).filter((name) => /^traefik\.io_.*\.yaml$/.test(name));
  return Promise.all(
    files.map(async (name): Promise<GatewayDefinition> => parse(await readFile(join(directory, name), 'utf8'))),
  );
}

function manifests(served: string): readonly object[] {
  const labels = { app: NAME };
  const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace: NAME }];
  const metadata = { name: NAME, namespace: NAME };
  const read = ['get', 'list', 'watch'];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [
        { apiGroups: [''], resources: ['namespaces', 'nodes'], verbs: read },
        { apiGroups: ['networking.k8s.io'], resources: ['ingressclasses'], verbs: read },
        { apiGroups: [GATEWAY], resources: ['gatewayclasses'], verbs: read },
        { apiGroups: [GATEWAY], resources: ['gatewayclasses/status'], verbs: ['update'] },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: NAME },
      subjects,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: NAME, namespace: served },
      rules: [
        { apiGroups: [''], resources: ['services', 'secrets', 'configmaps'], verbs: read },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: read },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
        { apiGroups: [GATEWAY], resources: ['*'], verbs: [...read, 'update'] },
        { apiGroups: ['traefik.io'], resources: ['*'], verbs: read },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: NAME, namespace: served },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: NAME },
      subjects,
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: NAME, labels: { 'example.com/tenants': 'yes' } },
      spec: { controller: 'traefik.io/ingress-controller' },
    },
    {
      apiVersion: `${GATEWAY}/v1`,
      kind: 'GatewayClass',
      metadata: { name: NAME, labels: { 'example.com/tenants': 'yes' } },
      spec: { controllerName: 'traefik.io/gateway-controller' },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: NAME,
            terminationGracePeriodSeconds: 0,
            containers: [{ name: NAME, image: IMAGE, args: args(served), readinessProbe: PROBE }],
          },
        },
      },
    },
  ];
}

const PROBE = { httpGet: { path: '/ping', port: 8080 }, periodSeconds: 1 };

function args(served: string): readonly string[] {
  return [
    '--global.checknewversion=false',
    '--log.level=INFO',
    '--ping=true',
    '--entrypoints.traefik.address=:8080',
    `--entrypoints.web.address=:${TRAEFIK_PORTS.web}`,
    `--entrypoints.secure.address=:${TRAEFIK_PORTS.secure}`,
    '--entrypoints.secure.http.tls=true',
    `--providers.kubernetesingress.namespaces=${served}`,
    `--providers.kubernetesingress.ingressendpoint.ip=${ADDRESS}`,
    `--providers.kubernetescrd.namespaces=${served}`,
    '--providers.kubernetesgateway.experimentalchannel=true',
    `--providers.kubernetesgateway.namespaces=${served}`,
    `--providers.kubernetesgateway.statusaddress.ip=${ADDRESS}`,
  ];
}
