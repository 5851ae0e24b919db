import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostHandle, loadImage, makeImage } from '../../host';
import { binaryPath } from '../../host/binaries/cache';
import { ensureBinaries } from '../../host/binaries/ensure';
import { HELM, SAMPLE_CONTROLLER } from '../../host/binaries/test-tools';
import { agnhostTool } from '../../host/binaries/tools';
import { baseEntries, program } from '../../host/images/rootfs';
import { stepReporter } from '../../host/steps';
import { output } from './command';

/** The image of Kubernetes' sample controller. */
const IMAGE = `registry.k8s.io/sample-controller:${SAMPLE_CONTROLLER.version}`;
/** The image that the sample controller has its Deployments run. */
const NGINX = 'docker.io/library/nginx:latest';
const GROUP = 'samplecontroller.k8s.io';

/** The definition of `Foo`, as the sample controller ships it. */
export const FOO_DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `foos.${GROUP}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, experimental-only' } },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { kind: 'Foo', plural: 'foos' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  deploymentName: { type: 'string' },
                  replicas: { type: 'integer', minimum: 1, maximum: 10 },
                },
              },
              status: { type: 'object', properties: { availableReplicas: { type: 'integer' } } },
            },
          },
        },
        subresources: { status: {} },
      },
    ],
  },
} as const;

/** Builds the operator, and loads it and what its Deployments run into the host. */
export async function prepareOperator(host: HostHandle): Promise<void> {
  await ensureBinaries([HELM, SAMPLE_CONTROLLER], stepReporter(undefined));
  const directory = await mkdtemp(join(tmpdir(), 'sublet-operator-'));
  try {
    const operator = binaryPath(SAMPLE_CONTROLLER, 'sample-controller');
    const server = binaryPath(agnhostTool(), 'agnhost');
    const images = [
      {
        reference: IMAGE,
        layers: [[...baseEntries(), program('sample-controller', operator)]],
        entrypoint: ['/sample-controller'],
      },
      {
        reference: NGINX,
        layers: [[...baseEntries(), program('agnhost', server)]],
        entrypoint: ['/agnhost'],
        command: ['pause'],
      },
    ];
    for (const [index, image] of images.entries()) {
      const out = join(directory, `${index}.tar`);
      await makeImage({ ...image, out });
      await loadImage(host, out);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Installs the operator by Helm, from a chart as its author would ship it: with its CRD, its rights and a Deployment. */
export async function helmInstall(kubeconfig: string, release: string): Promise<string> {
  const chart = await mkdtemp(join(tmpdir(), 'sublet-chart-'));
  try {
    await mkdir(join(chart, 'crds'));
    await mkdir(join(chart, 'templates'));
    await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: sample\nversion: 0.1.0\n');
    await writeFile(join(chart, 'crds', 'foos.yaml'), JSON.stringify(FOO_DEFINITION));
    await writeFile(join(chart, 'templates', 'operator.yaml'), TEMPLATE);
    const args = [
      'install',
      release,
      chart,
      '--namespace',
      'operators',
      '--create-namespace',
      '--wait',
      '--timeout',
      '3m',
    ];
    return await output(binaryPath(HELM, 'helm'), args, {
      env: { KUBECONFIG: kubeconfig, HELM_CACHE_HOME: chart, HELM_CONFIG_HOME: chart, HELM_DATA_HOME: chart },
      timeoutMs: 200_000,
    });
  } finally {
    await rm(chart, { recursive: true, force: true });
  }
}

const NAME = '{{ .Release.Name }}';
const TEMPLATE = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: NAME },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: '{{ .Release.Namespace }}' }],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME },
    spec: {
      selector: { matchLabels: { app: NAME } },
      template: {
        metadata: { labels: { app: NAME } },
        spec: {
          serviceAccountName: NAME,
          containers: [{ name: 'operator', image: IMAGE, imagePullPolicy: 'IfNotPresent' }],
        },
      },
    },
  },
]
  .map((object) => JSON.stringify(object))
  .join('\n---\n');
