import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Container } from 'kubernetes-types/core/v1';
import type { HostHandle } from '../../../host';
import { binaryPath } from '../../../host/binaries/cache';
import { controlPlaneTool, TOOLS } from '../../../host/binaries/tools';
import { NETWORK } from '../../../host/network/addresses';
import { cacheDirectory, hostPaths } from '../../../host/paths';
import { MARKER_VARIABLE } from '../../../host/process/daemon';
import {
  type ClusterReference,
  FILES,
  PKI_FILES,
  PORTS,
  type ResolvedPolicy,
  type VirtualClusterOptions,
} from '../../../lib';
import { generate } from '../../../lib/manifests';
import { generatePolicy } from '../../../lib/manifests/policies/policy';
import { resolveInput } from '../../../lib/spec/resolve';
import { createKubeClient } from '../../../syncer/kube/client';
import { connectionOfKubeconfig } from '../../../syncer/kube/config';
import { RESOURCES } from '../../../syncer/kube/resources';
import { type ObjectRef, type TestApi, type TestObject, testApi } from './api';
import { type Blindfold, type BlindfoldSettings, startBlindfold } from './blindfold';
import { type PodFacts, type RunningContainer, runContainer, runInitContainer } from './containers';
import { apiHost, virtualVersion } from './host';
import { startRelay } from './relay';
import { createSandbox, type Sandbox } from './sandbox';
import { type SyncerProcess, syncerProcess } from './syncer';

/** What a pair of clusters is made of. */
export interface PairOptions {
  /** What is declared about the virtual cluster beyond its name. @default nothing but defaults */
  readonly spec?: VirtualClusterOptions;
  /** Objects that the host has before the virtual cluster comes (classes, namespaces, CRDs). @default none */
  readonly hostObjects?: readonly TestObject[];
  /** Secrets that its owner makes in its host namespace: name → key → text. @default none */
  readonly secrets?: { readonly [name: string]: { readonly [key: string]: string } };
  /** Policies for what the declaration `requires`. They come when the control plane waits for them. @default none */
  readonly policies?: (cluster: ClusterReference) => readonly ResolvedPolicy[];
  /** Whether the syncer's watches of the host can be blinded. @default false */
  readonly blindable?: boolean;
}

/**
 * A virtual cluster on the run's host. Both have real API servers and controllers, but no kubelet: the containers of the
 * control-plane pod run as processes, started from the StatefulSet of the manifests, and the syncer has the rights of its
 * Role and no others.
 */
export interface Pair extends AsyncDisposable {
  /** The virtual cluster's name. */
  readonly name: string;
  /** Its namespace on the host. */
  readonly namespace: string;
  readonly virtual: TestApi;
  readonly host: TestApi;
  readonly syncer: SyncerProcess;
  /** The containers of the control-plane pod, to be stopped and started again. */
  readonly containers: readonly RunningContainer[];
  /** The words before a command that run it where those containers are: in the pod's network, with all its volumes. */
  readonly inside: readonly string[];
  /**
   * From now on the syncer's watches of the host tell of no change (`true`), or of every new one (`false`).
   * @throws Error when the pair was not made `blindable`
   */
  blind(on: boolean): Promise<void>;
  /** Kills all containers of the control plane, starts them again and waits until the syncer is ready. */
  restart(): Promise<void>;
  /** The command lines of the control plane's containers, as everybody on the node sees them. */
  commandLines(): Promise<readonly string[]>;
  /** What was kept from those watches: `DELETED Secret web`. */
  kept(): ReadonlySet<string>;
}

const ROOT = resolve(__dirname, '../../..');
const SYNCER = join(ROOT, 'dist/syncer/syncer.cjs');

/** Starts a virtual cluster on the run's host and waits until its syncer is ready. */
export async function startPair(pairOptions: PairOptions = {}): Promise<Pair> {
  const { spec: options = {}, hostObjects = [], secrets = {}, policies = () => [], blindable = false } = pairOptions;
  const host = await apiHost();
  const name = `t${randomBytes(3).toString('hex')}`;
  const syncer = { ...options.controlPlane?.syncer, logLevel: options.controlPlane?.syncer?.logLevel ?? 'debug' };
  const controlPlane = { ...options.controlPlane, syncer };
  const spec = resolveInput({
    name,
    store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } },
    ...options,
    kubernetes: { ...virtualVersion(), ...options.kubernetes },
    controlPlane,
  });
  const manifests: readonly TestObject[] = generate(spec).map(({ object }) => ({ ...object }));
  const later = policies({ name, namespace: spec.namespace }).flatMap((policy) =>
    generatePolicy(policy).map(({ object }): TestObject => ({ ...object })),
  );
  const hostApi = testApi(createKubeClient(connectionOfKubeconfig(host.kubeconfig)), 'host');
  const sandbox = await createSandbox(host, [cacheDirectory(), ROOT]);
  const relay = await startRelay(
    sandbox.inside,
    [PORTS.apiServer, PORTS.syncerHealth],
    join(host.directory, 'relay.cjs'),
  );
  const containers: RunningContainer[] = [];
  const blindfold = blindable ? await startBlindfold(sandbox.inside, ROOT, hostServer(host)) : undefined;
  const close = async (): Promise<void> => {
    await Promise.all(containers.map((container) => container.kill()));
    relay.close();
    blindfold?.close();
    await sandbox.close();
    for (const object of [...manifests, ...later, ...hostObjects].reverse()) {
      if (object.metadata.namespace !== spec.namespace) await hostApi.delete(object);
    }
    hostApi.client.close();
  };
  try {
    for (const object of [...hostObjects, ...manifests]) await hostApi.create(withoutPods(object));
    for (const [secret, stringData] of Object.entries(secrets)) {
      const metadata = { name: secret, namespace: spec.namespace };
      await hostApi.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
    }
    const pod = await podFacts(
      host,
      hostApi,
      sandbox,
      { name, namespace: spec.namespace, version: spec.kubernetes.version },
      manifests,
      blindfold,
    );
    for (const [path, content] of await secretFiles(pod)) await sandbox.write(path, content);
    const log = ({ name: container }: Container): string => join(hostPaths(host.name).logs, `${name}-${container}.log`);
    for (const container of pod.spec.initContainers ?? [])
      await runInitContainer(sandbox, container, pod, log(container));
    for (const container of pod.spec.containers)
      containers.push(await runContainer(sandbox, container, pod, log(container)));
    const pki = (file: string): Promise<string> => sandbox.read(join(FILES.pkiDir, file));
    const virtual = testApi(
      createKubeClient({
        server: `https://127.0.0.1:${relay.portOf(PORTS.apiServer)}`,
        ca: await pki(PKI_FILES.caCert),
        clientCertificate: await pki(PKI_FILES.adminCert),
        clientKey: await pki(PKI_FILES.adminKey),
      }),
      'virtual',
    );
    const container = containers.find((one) => one.name === 'syncer');
    if (container === undefined) throw new Error('the manifests have no syncer');
    const process = syncerProcess(
      container,
      relay.portOf(PORTS.syncerHealth),
      join(hostPaths(host.name).logs, `${name}-syncer.log`),
    );
    for (const section of spec.requires) await process.untilNotReady(section);
    for (const object of later) await hostApi.create(object);
    await process.untilReady();
    await untilControllersWork(virtual);
    return {
      name,
      namespace: spec.namespace,
      virtual,
      host: hostApi,
      syncer: process,
      containers,
      inside: sandbox.inside,
      async blind(on) {
        if (blindfold === undefined) throw new Error('this pair was not made blindable');
        await blindfold.put(on);
      },
      kept: () => blindfold?.swallowed ?? new Set(),
      async restart() {
        await Promise.all(containers.map((one) => one.kill()));
        await Promise.all(containers.map((one) => one.resume()));
        await process.untilReady();
      },
      commandLines: async () =>
        (await Promise.all(containers.map((one) => one.commandLine()))).filter((line) => line !== ''),
      async [Symbol.asyncDispose]() {
        virtual.client.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The host's API server, as a process in a sandbox reaches it. */
function hostServer({ kubeconfig }: HostHandle): Pick<BlindfoldSettings, 'server' | 'authority'> {
  const { ca } = connectionOfKubeconfig(kubeconfig);
  return { server: `https://${NETWORK.nodeAddress}:${NETWORK.apiServerPort}`, authority: String(ca) };
}

/** The control-plane pod itself is not the host's to run: here its containers are processes. */
function withoutPods(object: TestObject): TestObject {
  return object.kind === 'StatefulSet' ? { ...object, spec: { ...object.spec, replicas: 0 } } : object;
}

interface Identity {
  readonly name: string;
  readonly namespace: string;
  /** Kubernetes version of the virtual cluster. */
  readonly version: string;
}

/** Does what a kubelet does before it starts containers: the projected token, the resolver's settings, the environment. */
async function podFacts(
  host: HostHandle,
  api: TestApi,
  sandbox: Sandbox,
  { name, namespace, version }: Identity,
  manifests: readonly TestObject[],
  blindfold: Blindfold | undefined,
): Promise<PodFacts> {
  const isStatefulSet = (object: unknown): object is StatefulSet => (object as TestObject).kind === 'StatefulSet';
  const template = manifests.find(isStatefulSet)?.spec?.template;
  if (template?.spec === undefined) throw new Error('the manifests have no control plane');
  const { serviceAccountName = '' } = template.spec;
  const token = await api.client.post<TestObject>(RESOURCES.serviceAccounts, namespace, serviceAccountName, 'token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 24 * 3600 },
  });
  const authority = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace } };
  const { data } = await api.until(authority, 'to be made by the host');
  await sandbox.write(`${FILES.hostTokenDir}/token`, token.status.token);
  await sandbox.write(`${FILES.hostTokenDir}/ca.crt`, blindfold?.authority ?? data['ca.crt']);
  await sandbox.write(`${FILES.hostTokenDir}/namespace`, namespace);
  const search = [`${namespace}.svc`, 'svc', ''].map((prefix) => `${prefix}${prefix && '.'}${NETWORK.clusterDomain}`);
  await sandbox.write('/run/resolv.conf', `search ${search.join(' ')}\nnameserver ${NETWORK.dnsServiceAddress}\n`);
  const programs: { readonly [program: string]: readonly string[] } = {
    'kube-apiserver': [binaryPath(controlPlaneTool(version), 'kube-apiserver')],
    'kube-controller-manager': [binaryPath(controlPlaneTool(version), 'kube-controller-manager')],
    'kube-scheduler': [binaryPath(controlPlaneTool(version), 'kube-scheduler')],
    kine: [binaryPath(TOOLS.kine, 'kine')],
    syncer: [process.execPath, SYNCER],
  };
  return {
    spec: template.spec,
    name: `${name}-0`,
    namespace,
    ip: sandbox.ip,
    async secret(secret, key) {
      const ref: ObjectRef = { apiVersion: 'v1', kind: 'Secret', metadata: { name: secret, namespace } };
      const found = await api.get(ref);
      return Buffer.from(found?.data?.[key] ?? '', 'base64').toString();
    },
    entrypoint(image, command) {
      const program = command ?? /([^/:]+)(:[^/]*)?$/.exec(image)?.[1] ?? '';
      const words = programs[program];
      if (words === undefined) throw new Error(`nothing is known about the image ${image}`);
      return words;
    },
    environment: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/tmp',
      NODE_ENV: 'production',
      // No kube-proxy is there to lead the Service's address anywhere.
      KUBERNETES_SERVICE_HOST: blindfold === undefined ? NETWORK.nodeAddress : '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(blindfold?.port ?? NETWORK.apiServerPort),
      [MARKER_VARIABLE]: host.directory,
    },
  };
}

/** The files of the pod's volumes that are Secrets, as the kubelet would write them. */
async function secretFiles(pod: PodFacts): Promise<readonly (readonly [path: string, content: string])[]> {
  const mounts = pod.spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  const files = (pod.spec.volumes ?? []).flatMap(({ name, secret }) => {
    const folder = mounts.find((mount) => mount.name === name)?.mountPath ?? '';
    return (secret?.items ?? []).map(({ key, path }) => ({
      secret: secret?.secretName ?? '',
      key,
      path: join(folder, path),
    }));
  });
  return Promise.all(files.map(async ({ secret, key, path }) => [path, await pod.secret(secret, key)] as const));
}

/** Pods cannot be created before the controllers have made their service account. */
async function untilControllersWork(virtual: TestApi): Promise<void> {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } };
  await virtual.until(account, 'to be made by the controllers');
}
