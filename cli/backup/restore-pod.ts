import type { Container, Pod, PodSpec, Volume } from 'kubernetes-types/core/v1';
import { SubletError } from '../../lib/contract';
import type { ControlPlane, FoundCluster } from '../cluster/find';

/** What the restore of a virtual cluster's store runs on. */
export interface RestoreGround {
  /** Whether the store is a file on the control plane's volume, so that an empty one is put in its place. */
  readonly store: 'file' | 'served';
  /** The pod that loads a backup: kine, and the syncer's program beside it. */
  readonly loader: (revision: number) => Pod;
  /** A pod that runs one step of `restore` and ends. */
  readonly step: (step: 'revert') => Pod;
}

/** The container of the loader in which `restore load` is run. */
export const LOADER = 'restore';

/**
 * Works out from a running declaration how its store is restored.
 * @throws SubletError `USAGE` where that cannot be done: a store that goes with its pod, or without kine
 */
export function restoreGround(cluster: FoundCluster): RestoreGround {
  const { name, namespace, controlPlane } = cluster;
  const spec = controlPlane.spec?.template?.spec;
  const kine = spec?.containers.find((container) => container.name === 'kine');
  const syncer = spec?.containers.find((container) => container.name === 'syncer');
  if (spec === undefined || syncer === undefined) throw refused(name, 'its StatefulSet is none of ours');
  if (kine === undefined) throw refused(name, 'its store is not served by kine, so that it has a way of its own');
  const isFile = (kine.args ?? []).some((word) => word.includes('sqlite://'));
  const volumes = volumesOf(spec, controlPlane, name);
  if (isFile && volumes.some((volume) => volume.name === 'data' && volume.persistentVolumeClaim === undefined)) {
    throw refused(name, 'its store is ephemeral: it goes with the pod that a restore has to stop');
  }
  const { preStop: _, ...lifecycle } = kine.lifecycle ?? {};
  const mounts = (kine.volumeMounts ?? []).map((mount) => ({ ...mount }));
  const own = (container: string, args: string[]): Container => ({
    name: container,
    image: syncer.image ?? '',
    ...(syncer.imagePullPolicy && { imagePullPolicy: syncer.imagePullPolicy }),
    args: ['restore', ...args],
    ...(syncer.securityContext && { securityContext: syncer.securityContext }),
    volumeMounts: mounts,
  });
  const pod = (parts: Pick<PodSpec, 'initContainers' | 'containers'>): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-restore`, namespace },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 5,
      ...(spec.securityContext && { securityContext: spec.securityContext }),
      ...(spec.imagePullSecrets && { imagePullSecrets: spec.imagePullSecrets }),
      ...(spec.nodeSelector && { nodeSelector: spec.nodeSelector }),
      ...(spec.tolerations && { tolerations: spec.tolerations }),
      volumes,
      ...parts,
    },
  });
  return {
    store: isFile ? 'file' : 'served',
    loader: (revision) =>
      pod({
        ...(isFile ? { initContainers: [own('prepare', ['prepare', String(revision)])] } : {}),
        containers: [{ ...kine, lifecycle }, own(LOADER, ['hold'])],
      }),
    step: (step) => pod({ containers: [own(LOADER, [step])] }),
  };
}

/** The volumes that kine mounts. A StatefulSet makes its claims itself; here they are named. */
function volumesOf(spec: PodSpec, controlPlane: ControlPlane, name: string): Volume[] {
  const claims = (controlPlane.spec?.volumeClaimTemplates ?? []).flatMap(({ metadata }) => metadata?.name ?? []);
  return [
    ...(spec.volumes ?? []),
    ...claims.map((claim): Volume => ({ name: claim, persistentVolumeClaim: { claimName: `${claim}-${name}-0` } })),
  ].filter((volume) => !volume.projected);
}

function refused(name: string, why: string): SubletError {
  return new SubletError('USAGE', `"${name}" can't be restored in this way: ${why}`, {
    hint: 'see docs/guides/backup.md',
  });
}
