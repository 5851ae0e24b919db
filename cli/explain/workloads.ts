import type { KubeObject } from '../../syncer/kube/types';
import type { Pod } from '../../syncer/pods/types';
import { kindOf } from './kind-of';

/** An object that a controller of the virtual cluster makes of a given one. */
export interface MadeObject<T extends KubeObject = KubeObject> {
  /** Where its template stands in the given object. */
  readonly template: string;
  readonly object: T;
}

interface Workload {
  readonly path: readonly string[];
  /** What follows the workload's name in the names of its pods. */
  readonly suffix: string;
}

const POD_TEMPLATE = ['spec', 'template'] as const;

const WORKLOADS: { readonly [kind: string]: Workload } = {
  'Deployment.apps': { path: POD_TEMPLATE, suffix: '<hash>-<id>' },
  'ReplicaSet.apps': { path: POD_TEMPLATE, suffix: '<id>' },
  'DaemonSet.apps': { path: POD_TEMPLATE, suffix: '<id>' },
  'StatefulSet.apps': { path: POD_TEMPLATE, suffix: '0' },
  'Job.batch': { path: POD_TEMPLATE, suffix: '<id>' },
  'CronJob.batch': { path: ['spec', 'jobTemplate', ...POD_TEMPLATE], suffix: '<time>-<id>' },
  ReplicationController: { path: POD_TEMPLATE, suffix: '<id>' },
};

/** Whether pods are made of objects of this kind. */
export function isWorkload(object: KubeObject): boolean {
  return Object.hasOwn(WORKLOADS, kindOf(object));
}

/** The pod that a workload makes of its template; one of them, as all are alike. */
export function podOf(workload: KubeObject): MadeObject<Pod> | undefined {
  const how = WORKLOADS[kindOf(workload)];
  const template = how === undefined ? undefined : fieldAt<PodTemplate>(workload, how.path);
  if (how === undefined || template === undefined) return undefined;
  const { name = '', namespace } = workload.metadata;
  const podName = `${name}-${how.suffix}`;
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(template.metadata?.labels && { labels: template.metadata.labels }),
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      name: podName,
      ...(namespace !== undefined && { namespace }),
      ownerReferences: [ownerOf(workload)],
    },
    spec: isStatefulSet(workload) ? withIdentity(template.spec, workload, podName) : template.spec,
  };
  return { template: how.path.join('.'), object: pod };
}

/** The claims that are made along with a pod: those of a StatefulSet, and those of the pod's own volumes. */
export function claimsOf(given: KubeObject, pod: MadeObject<Pod>): readonly MadeObject[] {
  const { spec, metadata } = pod.object;
  const at = pod.template === '' ? 'spec.volumes' : `${pod.template}.spec.volumes`;
  const ephemeral = (spec.volumes ?? []).flatMap(({ name, ephemeral: source }): readonly MadeObject[] => {
    const template = source?.volumeClaimTemplate;
    if (template === undefined) return [];
    const path = `${at}[${name}].ephemeral.volumeClaimTemplate`;
    return [claim(path, `${metadata.name}-${name}`, metadata.namespace, template)];
  });
  const own = isStatefulSet(given) ? (fieldAt<readonly ClaimTemplate[]>(given, CLAIM_TEMPLATES) ?? []) : [];
  const kept = own.map((template) => {
    const name = template.metadata?.name ?? '';
    return claim(`spec.volumeClaimTemplates[${name}]`, `${name}-${metadata.name}`, metadata.namespace, template);
  });
  return [...kept, ...ephemeral];
}

interface PodTemplate {
  readonly metadata?: KubeObject['metadata'];
  readonly spec: Pod['spec'];
}

interface ClaimTemplate {
  readonly metadata?: { readonly name?: string; readonly labels?: { readonly [key: string]: string } };
  readonly spec: unknown;
}

const CLAIM_TEMPLATES = ['spec', 'volumeClaimTemplates'] as const;

function claim(
  template: string,
  name: string,
  namespace: string | undefined,
  { metadata, spec }: { readonly metadata?: { labels?: { readonly [key: string]: string } }; readonly spec: unknown },
): MadeObject {
  const { labels } = metadata ?? {};
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }) },
    spec,
  };
  return { template, object };
}

/** What a StatefulSet's controller gives a pod: its name as host name, and its claims as volumes. */
function withIdentity(spec: Pod['spec'], workload: KubeObject, podName: string): Pod['spec'] {
  const subdomain = fieldAt<string>(workload, ['spec', 'serviceName']);
  const templates = fieldAt<readonly ClaimTemplate[]>(workload, CLAIM_TEMPLATES) ?? [];
  const names = templates.map(({ metadata }) => metadata?.name ?? '');
  const volumes = names.map((name) => ({ name, persistentVolumeClaim: { claimName: `${name}-${podName}` } }));
  const others = (spec.volumes ?? []).filter(({ name }) => !names.includes(name));
  return {
    ...spec,
    hostname: podName,
    ...(subdomain && { subdomain }),
    ...(volumes.length + others.length > 0 && { volumes: [...others, ...volumes] }),
  };
}

function isStatefulSet(object: KubeObject): boolean {
  return kindOf(object) === 'StatefulSet.apps';
}

function ownerOf({ apiVersion = '', kind = '', metadata: { name = '' } }: KubeObject) {
  return { apiVersion, kind, name, uid: `<uid of ${kind} ${name}>`, controller: true };
}

/** A field whose form was checked when the object was read. */
function fieldAt<T>(object: KubeObject, path: readonly string[]): T | undefined {
  return path.reduce<unknown>((value, key) => (isObject(value) ? Reflect.get(value, key) : undefined), object) as
    | T
    | undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
