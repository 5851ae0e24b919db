import { VOLUME_SOURCES, type VolumeSourceKind } from '../../../lib/contract';
import { pick } from '../../engine/pick';
import { hostPlace } from '../../engine/placement';
import type { ClusterContext, Reference } from '../../engine/types';
import { isBelow } from '../../isolation/pod-security/host-path';
import { denial, isolationOf, quoted } from '../../isolation/rules';
import { RESOURCES } from '../../kube/resources';
import type { PersistentVolume } from '../types';

/** The fields of each source that reach the host as they are. */
const FIELDS: { readonly [source in VolumeSourceKind]: readonly string[] } = {
  csi: ['driver', 'volumeHandle', 'readOnly', 'fsType', 'volumeAttributes'],
  nfs: ['server', 'path', 'readOnly'],
  iscsi: [
    ...['targetPortal', 'iqn', 'lun', 'iscsiInterface', 'fsType', 'readOnly', 'portals'],
    ...['chapAuthDiscovery', 'chapAuthSession', 'initiatorName'],
  ],
  fc: ['targetWWNs', 'lun', 'fsType', 'readOnly', 'wwids'],
  hostPath: ['path', 'type'],
  local: ['path', 'fsType'],
};

/** The fields that name a Secret with its namespace. */
const SECRETS: { readonly [source in VolumeSourceKind]?: readonly string[] } = {
  csi: [
    ...['controllerPublishSecretRef', 'nodeStageSecretRef', 'nodePublishSecretRef'],
    ...['controllerExpandSecretRef', 'nodeExpandSecretRef'],
  ],
  iscsi: ['secretRef'],
};

/** Members of a volume's `spec` that are no source. All others are. */
const NO_SOURCE: ReadonlySet<string> = new Set([
  ...['accessModes', 'capacity', 'claimRef', 'mountOptions', 'nodeAffinity', 'persistentVolumeReclaimPolicy'],
  ...['storageClassName', 'volumeAttributesClassName', 'volumeMode'],
]);

type Members = { readonly [field: string]: unknown };

/** The source of a host volume, or why the tenant's volume has none that may reach the host. */
export type VolumeSource =
  | { readonly kind: 'source'; readonly source: Members }
  | { readonly kind: 'refused'; readonly field: string; readonly message: string };

/** The source of a tenant's volume as the host must have it: Secrets are those of the virtual cluster. */
export function hostVolumeSource(
  { spec }: PersistentVolume,
  allowed: readonly VolumeSourceKind[],
  ctx: ClusterContext,
): VolumeSource {
  const names = Object.keys(spec).filter((name) => !NO_SOURCE.has(name) && spec[name] !== undefined);
  const name = VOLUME_SOURCES.find((one) => names.length === 1 && one === names[0]);
  const members = name === undefined ? undefined : spec[name];
  if (name === undefined || !allowed.includes(name) || !isMembers(members)) {
    const field = `spec.${names[0] ?? 'csi'}`;
    return { kind: 'refused', field, message: `${field}: volumes of this cluster can't lie there` };
  }
  const denied = deniedPath(name, members, ctx);
  if (denied !== undefined) return denied;
  const secrets = (SECRETS[name] ?? []).flatMap((field) => {
    const secret = secretIn(members[field]);
    if (secret === undefined) return [];
    const place = hostPlace(secret.name, secret.namespace, ctx, 'Secret');
    return [[field, { name: place.name, namespace: place.namespace }]];
  });
  const source = { ...pick(members, FIELDS[name]), ...Object.fromEntries(secrets) };
  return { kind: 'source', source: { [name]: source } };
}

/**
 * A directory of a node that pods could not mount themselves. Pod security does not see it, as the pod names a claim only,
 * and no volume of this kind can be kept from being written to: it must be one that is given away for writing.
 */
function deniedPath(
  source: VolumeSourceKind,
  { path }: Members,
  ctx: ClusterContext,
): Extract<VolumeSource, { readonly kind: 'refused' }> | undefined {
  const rules = isolationOf(ctx);
  if ((source !== 'hostPath' && source !== 'local') || rules === undefined || rules.level === 'privileged')
    return undefined;
  const isAllowed = rules.podSecurity.allow.hostPaths.some(
    ({ pathPrefix, readOnly }) => !readOnly && typeof path === 'string' && isBelow(path, pathPrefix),
  );
  if (isAllowed) return undefined;
  const field = `spec.${source}.path`;
  const problem = `the directory ${quoted(String(path))} of the node is not allowed here`;
  return { kind: 'refused', field, message: denial('allow.hostPaths', field, problem) };
}

/** The Secrets that a volume names. */
export function secretsOf({ spec }: PersistentVolume): readonly Reference[] {
  return VOLUME_SOURCES.flatMap((name) => {
    const members = spec[name];
    if (!isMembers(members)) return [];
    return (SECRETS[name] ?? []).flatMap((field) => {
      const secret = secretIn(members[field]);
      return secret === undefined ? [] : [{ resource: RESOURCES.secrets, ...secret, optional: false }];
    });
  });
}

function secretIn(value: unknown): { readonly name: string; readonly namespace: string } | undefined {
  if (!isMembers(value)) return undefined;
  const { name, namespace } = value;
  return typeof name === 'string' && typeof namespace === 'string' ? { name, namespace } : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
