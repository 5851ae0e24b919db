import { isRecord } from './same-value';
import type { CurrentManifest } from './types';

/** Which fields of a kind Kubernetes lets nobody change once they are set. Paths are beginnings of paths. */
interface Rule {
  /** `Kind.group`, `Kind` alone for the core group. */
  readonly kinds: readonly string[];
  readonly fixed: readonly string[];
  /** What may be changed within {@link fixed} nevertheless. @default nothing */
  readonly except?: readonly string[];
  readonly why: string;
  /** Whether it counts for this object and its successor. @default it does */
  readonly when?: (current: CurrentManifest, desired: unknown) => boolean;
}

/** Sources: the `Validate…Update` functions of Kubernetes' `pkg/apis/…/validation`. */
const RULES: readonly Rule[] = [
  {
    kinds: ['StatefulSet.apps'],
    fixed: ['spec.volumeClaimTemplates'],
    why: 'the volume claims of a StatefulSet can not be changed',
  },
  {
    kinds: ['StatefulSet.apps'],
    fixed: ['spec'],
    except: [
      'spec.replicas',
      'spec.template',
      'spec.updateStrategy',
      'spec.persistentVolumeClaimRetentionPolicy',
      'spec.minReadySeconds',
      'spec.ordinals',
      'spec.revisionHistoryLimit',
    ],
    why: 'of a StatefulSet only pods, replicas and what becomes of volumes can be changed',
  },
  {
    kinds: ['Deployment.apps', 'DaemonSet.apps', 'ReplicaSet.apps'],
    fixed: ['spec.selector'],
    why: 'which pods belong to it can not be changed',
  },
  {
    kinds: ['Job.batch'],
    fixed: ['spec.selector', 'spec.template', 'spec.completionMode', 'spec.podFailurePolicy', 'spec.successPolicy'],
    why: 'a job can not be changed while it may run',
  },
  {
    kinds: ['Service'],
    fixed: ['spec.clusterIP', 'spec.clusterIPs', 'spec.ipFamilies[0]'],
    why: 'the address of a Service can not be changed',
    when: (current, desired) => typeOf(current) !== 'ExternalName' && typeOf(desired) !== 'ExternalName',
  },
  {
    kinds: ['Service'],
    fixed: ['spec.loadBalancerClass'],
    why: 'the load balancer class can not be changed while the Service has that type',
    when: (current, desired) => typeOf(current) === 'LoadBalancer' && typeOf(desired) === 'LoadBalancer',
  },
  {
    kinds: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io'],
    fixed: ['roleRef'],
    why: 'the role of a binding can not be changed',
  },
  {
    kinds: ['ConfigMap', 'Secret'],
    fixed: ['data', 'binaryData', 'stringData', 'immutable'],
    why: 'it is marked as immutable',
    when: (current) => current.immutable === true,
  },
  { kinds: ['Secret'], fixed: ['type'], why: 'the type of a Secret can not be changed' },
  {
    kinds: ['PersistentVolumeClaim'],
    fixed: ['spec'],
    except: ['spec.resources.requests', 'spec.volumeAttributesClassName'],
    why: 'of a claim only size and attributes can be changed',
  },
  {
    kinds: ['PersistentVolume'],
    fixed: ['spec'],
    except: [
      'spec.capacity',
      'spec.accessModes',
      'spec.persistentVolumeReclaimPolicy',
      'spec.storageClassName',
      'spec.mountOptions',
      'spec.claimRef',
      'spec.volumeAttributesClassName',
    ],
    why: 'where a volume lies can not be changed',
  },
  {
    kinds: ['StorageClass.storage.k8s.io'],
    fixed: ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'],
    why: 'how a storage class makes volumes can not be changed',
  },
  {
    kinds: ['PriorityClass.scheduling.k8s.io'],
    fixed: ['value', 'preemptionPolicy'],
    why: 'the value of a priority class can not be changed',
  },
  { kinds: ['RuntimeClass.node.k8s.io'], fixed: ['handler'], why: 'the handler of a runtime class can not be changed' },
  {
    kinds: ['IngressClass.networking.k8s.io'],
    fixed: ['spec.controller'],
    why: 'the controller of an ingress class can not be changed',
  },
];

/** Why a field of an object can't be changed in place; `undefined` if it can. */
export function whyImmutable(path: string, current: CurrentManifest, desired: unknown): string | undefined {
  const kind = kindOf(current);
  const isWithin = (beginning: string) =>
    path === beginning || (path.startsWith(beginning) && '.['.includes(path.charAt(beginning.length)));
  const rule = RULES.find(
    ({ kinds, fixed, except = [], when = () => true }) =>
      kinds.includes(kind) && fixed.some(isWithin) && !except.some(isWithin) && when(current, desired),
  );
  return rule?.why;
}

/** `Kind.group`, `Kind` alone for the core group. */
export function kindOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
}

function typeOf(service: unknown): unknown {
  const spec = isRecord(service) ? service.spec : undefined;
  return isRecord(spec) ? (spec.type ?? 'ClusterIP') : undefined;
}
