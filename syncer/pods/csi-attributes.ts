import { hostPlace } from '../engine/placement';
import type { Pod, PodContext, Refusal } from './types';

type Attributes = { readonly [name: string]: string };

/**
 * Attributes of CSI volumes in a pod that name other objects: Secrets, as the drivers for Azure Files, Blob storage and
 * SMB have them, and the SecretProviderClass of the Secrets Store driver. Drivers read their names in any case.
 */
const SECRET = 'secretname';
const NAMESPACE = 'secretnamespace';
const PROVIDER_CLASS = 'secretproviderclass';

/** The attributes as the host's drivers must get them: what they name are the host's copies. */
export function hostCsiAttributes(attributes: Attributes, v: Pod, ctx: PodContext): { [name: string]: string } {
  const { namespace = '' } = v.metadata;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const place = hostPlace(value, namespace, ctx);
      switch (name.toLowerCase()) {
        case SECRET:
        case PROVIDER_CLASS:
          return [name, place.name];
        case NAMESPACE:
          return [name, place.namespace ?? ctx.hostNamespace];
        default:
          return [name, value];
      }
    }),
  );
}

/** The Secrets that attributes name. */
export function secretsOfAttributes(attributes: Attributes = {}): readonly string[] {
  return Object.entries(attributes).flatMap(([name, value]) => (name.toLowerCase() === SECRET ? [value] : []));
}

/** A pod may have its volumes opened by Secrets of its own namespace alone. */
export function refusedCsiAttribute(v: Pod): Refusal | undefined {
  for (const [index, { csi }] of (v.spec.volumes ?? []).entries()) {
    const other = Object.entries(csi?.volumeAttributes ?? {}).find(
      ([name, value]) => name.toLowerCase() === NAMESPACE && value !== v.metadata.namespace,
    );
    if (other === undefined) continue;
    const field = `spec.volumes[${index}].csi.volumeAttributes.${other[0]}`;
    return { field, message: `${field}: only Secrets of the pod's own namespace can be used` };
  }
  return undefined;
}
