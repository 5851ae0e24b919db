import * as z from 'zod';
import type { KubeObject } from '../../syncer/kube/types';
import { kindOf } from './kind-of';

const texts = z.record(z.string(), z.string());
const named = z.looseObject({ name: z.string() });
const list = <T extends z.ZodType>(of: T) => z.array(of).nullish();

const container = z.looseObject({
  name: z.string(),
  image: z.string().nullish(),
  env: list(named),
  ports: list(z.looseObject({ containerPort: z.number() })),
  volumeMounts: list(z.looseObject({ name: z.string(), mountPath: z.string() })),
});
const podSpec = z.looseObject({
  containers: z.array(container).min(1),
  initContainers: list(container),
  ephemeralContainers: list(container),
  volumes: list(named),
  tolerations: list(z.looseObject({})),
  imagePullSecrets: list(z.looseObject({})),
  nodeSelector: texts.nullish(),
});
const template = z.looseObject({ template: z.looseObject({ spec: podSpec }) });
const claimSpec = z.looseObject({
  resources: z.looseObject({ requests: quantities().nullish() }).nullish(),
  storageClassName: z.string().nullish(),
});
const backend = z.looseObject({ service: z.looseObject({ name: z.string() }).nullish() });

/** Of each kind what its translation takes for granted. Everything else is for the API server to judge. */
const SHAPES: { readonly [kind: string]: z.ZodType } = {
  Pod: z.looseObject({ spec: podSpec }),
  PodTemplate: template,
  ReplicationController: z.looseObject({ spec: template }),
  'Deployment.apps': z.looseObject({ spec: template }),
  'ReplicaSet.apps': z.looseObject({ spec: template }),
  'DaemonSet.apps': z.looseObject({ spec: template }),
  'StatefulSet.apps': z.looseObject({
    spec: template.extend({ volumeClaimTemplates: list(z.looseObject({ metadata: named, spec: claimSpec })) }),
  }),
  'Job.batch': z.looseObject({ spec: template }),
  'CronJob.batch': z.looseObject({ spec: z.looseObject({ jobTemplate: z.looseObject({ spec: template }) }) }),
  Service: z.looseObject({
    spec: z.looseObject({ selector: texts.nullish(), ports: list(z.looseObject({ port: z.number() })) }).nullish(),
  }),
  ConfigMap: z.looseObject({ data: texts.nullish(), binaryData: texts.nullish() }),
  Secret: z.looseObject({ data: texts.nullish(), stringData: texts.nullish(), type: z.string().nullish() }),
  PersistentVolumeClaim: z.looseObject({ spec: claimSpec }),
  PersistentVolume: z.looseObject({ spec: z.looseObject({}) }),
  Endpoints: z.looseObject({ subsets: list(z.looseObject({ addresses: list(z.looseObject({ ip: z.string() })) })) }),
  'EndpointSlice.discovery.k8s.io': z.looseObject({
    addressType: z.string(),
    endpoints: z.array(z.looseObject({ addresses: z.array(z.string()) })),
  }),
  'StorageClass.storage.k8s.io': z.looseObject({ provisioner: z.string(), parameters: texts.nullish() }),
  'Ingress.networking.k8s.io': z.looseObject({
    spec: z
      .looseObject({
        defaultBackend: backend.nullish(),
        rules: list(z.looseObject({ http: z.looseObject({ paths: z.array(z.looseObject({ backend })) }).nullish() })),
      })
      .nullish(),
  }),
  'NetworkPolicy.networking.k8s.io': z.looseObject({ spec: z.looseObject({}) }),
  'PodDisruptionBudget.policy': z.looseObject({ spec: z.looseObject({}) }),
  'PriorityClass.scheduling.k8s.io': z.looseObject({ value: z.number() }),
  'VolumeSnapshot.snapshot.storage.k8s.io': z.looseObject({ spec: z.looseObject({ source: z.looseObject({}) }) }),
};

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z
    .looseObject({
      name: z.string().optional(),
      generateName: z.string().optional(),
      namespace: z.string().optional(),
      labels: texts.nullish(),
      annotations: texts.nullish(),
    })
    .refine(({ name, generateName }) => (name ?? generateName ?? '') !== '', {
      path: ['name'],
      message: 'must be set, or generateName',
    }),
});

/** An object that can be translated, or what is wrong with it, each with its path. */
export type CheckedShape =
  | { readonly kind: 'object'; readonly object: KubeObject }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** Checks what every translation takes for granted, and nothing that only an API server can judge. */
export function checkShape(value: unknown): CheckedShape {
  const whole = object.safeParse(value);
  if (!whole.success) return { kind: 'wrong', problems: problemsOf(whole.error) };
  const { metadata, ...content } = whole.data;
  const shape = SHAPES[kindOf(whole.data)]?.safeParse(value);
  if (shape?.success === false) return { kind: 'wrong', problems: problemsOf(shape.error) };
  const { name, namespace, labels, annotations, generateName, ...others } = metadata;
  return {
    kind: 'object',
    object: {
      ...content,
      metadata: {
        ...others,
        name: name ?? `${generateName}<id>`,
        ...(namespace !== undefined && { namespace }),
        ...(labels && { labels }),
        ...(annotations && { annotations }),
      },
    },
  };
}

function problemsOf(error: z.ZodError): readonly string[] {
  return error.issues.map(({ path, message }) => {
    const at = path.reduce<string>((before, key) => {
      if (typeof key === 'number') return `${before}[${key}]`;
      return before === '' ? String(key) : `${before}.${String(key)}`;
    }, '');
    return at === '' ? message : `${at}: ${message}`;
  });
}

function quantities() {
  return z.record(z.string(), z.union([z.string(), z.number()]));
}
