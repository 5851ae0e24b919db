import { PORTS } from '../../lib/contract';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, RequestOptions } from '../kube/types';
import { applyManifests, type Manifest } from './apply';
import { KUBERNETES_SERVICE } from './kubernetes-service';

/** The name of the configuration, and by it of the handler: `/admit/services`. */
export const SERVICES_WEBHOOK = 'sublet-services';

/**
 * The registration of the webhook that gives a new Service its host's ClusterIP. It is called over the pod's loopback,
 * and fails open: a Service that gets past it is recreated by the engine with the right address.
 */
export function servicesWebhook(caBundle: string): Manifest {
  const object = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: SERVICES_WEBHOOK },
    webhooks: [
      {
        name: 'services.sublet.dev',
        clientConfig: {
          url: `https://127.0.0.1:${PORTS.webhook}/admit/services`,
          caBundle: Buffer.from(caBundle).toString('base64'),
        },
        rules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['services'],
            scope: 'Namespaced',
          },
        ],
        // This one has the ClusterIP of the control plane's own Service, and no host Service of its own.
        matchConditions: [{ name: 'not-the-api-server', expression: NOT_THE_API_SERVER }],
        failurePolicy: 'Ignore',
        matchPolicy: 'Equivalent',
        reinvocationPolicy: 'Never',
        sideEffects: 'NoneOnDryRun',
        timeoutSeconds: 5,
        admissionReviewVersions: ['v1'],
      },
    ],
  };
  return { resource: RESOURCES.mutatingWebhooks, object };
}

const NOT_THE_API_SERVER = `!(request.namespace == '${KUBERNETES_SERVICE.namespace}' && request.name == '${KUBERNETES_SERVICE.name}')`;

/** Registers the webhook. `caBundle`: PEM of the authority that signed the webhook's certificate. */
export async function ensureServicesWebhook(
  client: KubeClient,
  caBundle: string,
  options?: RequestOptions,
): Promise<void> {
  await applyManifests(client, [servicesWebhook(caBundle)], options);
}
