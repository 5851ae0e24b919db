import type { Container, Volume } from 'kubernetes-types/core/v1';
import type { ClusterContext } from '../../syncer/engine/types';
import type { KubeObject } from '../../syncer/kube/types';
import type { Pod } from '../../syncer/pods/types';
import { placedBy } from '../../syncer/scheduling/placed-by';
import type { Service } from '../../syncer/services/types';
import { placeholder } from './cluster-context';
import { isPod, kindOf } from './kind-of';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_VOLUME = 'kube-api-access-<id>';

/**
 * An object as the virtual API server would hold it, as far as that decides what the host gets: with its defaults, and
 * with placeholders for what the clusters choose.
 * @param accounts the ServiceAccounts that are known: one may decline tokens for its pods
 */
export function admitted(
  object: KubeObject,
  context: Pick<ClusterContext, 'sections'>,
  accounts: readonly KubeObject[],
): KubeObject {
  const { name = '', namespace } = object.metadata;
  const where = namespace === undefined ? name : `${namespace}/${name}`;
  const identified = {
    ...object,
    metadata: { uid: placeholder(`uid of ${object.kind} ${where}`), ...object.metadata },
  };
  if (isPod(identified)) return admittedPod(identified, context, accounts);
  switch (kindOf(object)) {
    case 'Service':
      return admittedService(identified, where);
    case 'Secret':
      return admittedSecret(identified);
    default:
      return identified;
  }
}

function admittedPod(pod: Pod, { sections }: Pick<ClusterContext, 'sections'>, accounts: readonly KubeObject[]): Pod {
  const { serviceAccountName = 'default', nodeName, dnsPolicy = 'ClusterFirst', resourceClaims = [] } = pod.spec;
  const chosen = nodeName ?? (placedBy(pod, sections.nodes) === 'cluster' ? placeholder('node') : undefined);
  const spec = { ...pod.spec, serviceAccountName, dnsPolicy, ...(chosen !== undefined && { nodeName: chosen }) };
  const made = resourceClaims.filter(({ resourceClaimTemplateName }) => resourceClaimTemplateName !== undefined);
  const statuses = made.map(({ name }) => ({ name, resourceClaimName: `${pod.metadata.name}-${name}-<id>` }));
  return {
    ...pod,
    spec: declinesToken(pod, serviceAccountName, accounts) ? spec : withToken(spec),
    ...(statuses.length > 0 && { status: { resourceClaimStatuses: statuses } }),
  };
}

function declinesToken({ spec, metadata }: Pod, account: string, accounts: readonly KubeObject[]): boolean {
  if (spec.automountServiceAccountToken !== undefined) return !spec.automountServiceAccountToken;
  const found = accounts.find((one) => one.metadata.name === account && one.metadata.namespace === metadata.namespace);
  return found !== undefined && Reflect.get(found, 'automountServiceAccountToken') === false;
}

/** What the admission plugin ServiceAccount adds: the token, the cluster's certificate authority and the namespace. */
function withToken(spec: Pod['spec']): Pod['spec'] {
  const mount = { name: TOKEN_VOLUME, mountPath: TOKEN_PATH, readOnly: true };
  const mounted = (container: Container): Container => {
    const mounts = container.volumeMounts ?? [];
    return mounts.some(({ mountPath }) => mountPath === TOKEN_PATH)
      ? container
      : { ...container, volumeMounts: [...mounts, mount] };
  };
  const volume: Volume = {
    name: TOKEN_VOLUME,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  };
  return {
    ...spec,
    containers: spec.containers.map(mounted),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(mounted) }),
    volumes: [...(spec.volumes ?? []), volume],
  };
}

/** A ClusterIP is the host's choice, which the virtual API server asks for while it admits a Service. */
function admittedService(service: Service, where: string): Service {
  const { type = 'ClusterIP', clusterIP = placeholder(`ClusterIP of ${where}`) } = service.spec ?? {};
  if (type === 'ExternalName') return { ...service, spec: { ...service.spec, type } };
  return { ...service, spec: { ...service.spec, type, clusterIP } };
}

/** An API server keeps the texts of a Secret encoded, among its other data. */
function admittedSecret(secret: KubeObject & { readonly data?: object; readonly stringData?: object }): KubeObject {
  const { stringData = {}, data = {}, ...others } = secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  const all = { ...data, ...Object.fromEntries(encoded) };
  return { ...others, ...(Object.keys(all).length > 0 && { data: all }) };
}
