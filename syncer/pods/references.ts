import type { Reference } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import type { Resource } from '../kube/types';
import { secretsOfAttributes } from './csi-attributes';
import { type NamedKind, translateFields } from './field-rules';
import { POD_SPEC } from './fields';
import type { Pod } from './types';
import { ephemeralClaimName } from './volumes';

const PERSISTENT_VOLUME_CLAIMS: Resource = {
  group: '',
  version: 'v1',
  plural: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  namespaced: true,
};

const KINDS: { readonly [kind in NamedKind]: Resource } = {
  configMaps: RESOURCES.configMaps,
  secrets: RESOURCES.secrets,
  persistentVolumeClaims: PERSISTENT_VOLUME_CLAIMS,
  endpoints: RESOURCES.endpoints,
};

/**
 * Everything that a pod names in its own namespace, each object once. An object that is optional in one place and
 * needed in another is needed. Found by the same walk that translates the names, so the two can't differ.
 */
export function podReferences(v: Pod): readonly Reference[] {
  const found = new Map<string, Reference>();
  const add = (kind: NamedKind, name: string, optional: boolean) => {
    const id = `${kind}/${name}`;
    if (name !== '')
      found.set(id, { resource: KINDS[kind], name, optional: optional && (found.get(id)?.optional ?? true) });
  };
  translateFields(POD_SPEC, v.spec, 'spec', {
    name(of, name, optional) {
      add(of, name, optional);
      return name;
    },
    fieldPath: (path) => path,
  });
  for (const volume of v.spec.volumes ?? []) {
    for (const name of secretsOfAttributes(volume.csi?.volumeAttributes)) add('secrets', name, false);
    if (volume.ephemeral) add('persistentVolumeClaims', ephemeralClaimName(v, volume.name), false);
  }
  return [...found.values()];
}
