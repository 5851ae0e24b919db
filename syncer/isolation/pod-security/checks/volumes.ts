import type { Volume } from 'kubernetes-types/core/v1';
import { inContainers, isSet } from '../containers';
import type { Exemptible, Finder, SecuredPod } from '../types';
import { notAllowed } from '../wording';

/** The sources that `restricted` leaves: nothing of the node, and no storage that the pod names by itself. */
const RESTRICTED_SOURCES: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** Folders and files of the node. */
export const hostPathVolumes: Finder = (pod) =>
  (pod.spec.volumes ?? []).flatMap((volume, index) =>
    isSet(volume.hostPath) ? [{ field: `spec.volumes[${index}].hostPath`, ...nodePath(pod, volume) }] : [],
  );

/** Every source but those of {@link RESTRICTED_SOURCES}, also one that is not known here. */
export const restrictedVolumes: Finder = (pod) =>
  (pod.spec.volumes ?? []).flatMap((volume, index) => {
    const sources = sourcesOf(volume);
    if (sources.some((source) => RESTRICTED_SOURCES.has(source))) return [];
    const path = `spec.volumes[${index}]`;
    if (sources.length === 0) return [{ field: path, problem: 'must have a source' }];
    return sources.map((source) => ({
      field: `${path}.${source}`,
      ...(source === 'hostPath' ? nodePath(pod, volume) : { problem: 'this source of a volume is not allowed' }),
    }));
  });

function sourcesOf(volume: Volume): readonly string[] {
  return Object.entries(volume).flatMap(([key, value]) => (key !== 'name' && isSet(value) ? [key] : []));
}

function nodePath(pod: SecuredPod, { name, hostPath }: Volume): { problem: string; exemptible: Exemptible } {
  const path = hostPath?.path ?? '';
  const mounts = inContainers(pod, ({ volumeMounts }) => volumeMounts ?? []).filter((mount) => mount.name === name);
  const mountedReadOnly = mounts.every(({ readOnly }) => readOnly === true);
  return { problem: notAllowed(path), exemptible: { kind: 'hostPath', path, mountedReadOnly } };
}
