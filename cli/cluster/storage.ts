import { SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { isForbidden } from '../kube/api-error';
import { type CallOptions, listObjects } from '../kube/objects';
import { type KubeObject, RESOURCES } from '../kube/types';
import type { ControlPlane } from './find';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/**
 * Checks that the host can provide the volumes that the objects' StatefulSets ask for. Where storage classes may not be
 * read, nothing is said: the claim itself will tell.
 * @throws SubletError `STORAGE_CLASS_MISSING`
 */
export async function checkStorage(api: Api, objects: readonly KubeObject[], options: CallOptions): Promise<void> {
  const wanted = objects.flatMap(claimedClasses);
  if (wanted.length === 0) return;
  const classes = await readClasses(api, options);
  if (classes === undefined) return;
  const names = classes.map((entry) => entry.metadata?.name ?? '');
  const hasDefault = classes.some((entry) => entry.metadata?.annotations?.[DEFAULT_CLASS] === 'true');
  for (const name of wanted) {
    if (name === undefined ? hasDefault : name === '' || names.includes(name)) continue;
    const what = name === undefined ? 'no default storage class' : `no storage class "${name}"`;
    throw new SubletError(
      'STORAGE_CLASS_MISSING',
      `the host cluster has ${what}, which the virtual cluster's store needs`,
      {
        hint: `keep the store in memory with \`--store ephemeral\` (data is lost with the pod), or name a class with \`--store pvc --set store.persistence.storageClass=NAME\` (there are: ${names.join(', ') || 'none'})`,
      },
    );
  }
}

/** The class of each claim of a StatefulSet: `undefined` where it wants the default. */
function claimedClasses(object: KubeObject): readonly (string | undefined)[] {
  if (object.kind !== 'StatefulSet') return [];
  const templates = (object as ControlPlane).spec?.volumeClaimTemplates ?? [];
  return templates.map((template) => template.spec?.storageClassName);
}

async function readClasses(api: Api, options: CallOptions): Promise<readonly KubeObject[] | undefined> {
  try {
    return await listObjects<KubeObject>(api, RESOURCES.storageClasses, {}, options);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
