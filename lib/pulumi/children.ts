import type * as pulumi from '@pulumi/pulumi';
import { SubletError } from '../contract';
import type { Manifest, Slot } from '../manifests';
import { type Filler, fill } from '../manifests/fill';
import { registerObject } from './kinds';

/** The resources of a virtual cluster by slot. */
export type Children = ReadonlyMap<string, pulumi.CustomResource>;

/**
 * Registers every object below its component. The namespace comes before what lies in it, and the control plane after
 * its rights and configuration, but beside its Services: Pulumi holds those for ready once the control plane is.
 * @param before what must be there before any of them
 */
export function registerChildren(
  name: string,
  slots: readonly Slot[],
  filler: Filler,
  parent: pulumi.ComponentResource,
  before: readonly pulumi.Resource[] = [],
): Children {
  const children = new Map<string, pulumi.CustomResource>();
  for (const { slot, object } of slots) {
    const siblings = [...children].filter(([other]) => comesAfter(slot, other)).map(([, resource]) => resource);
    const dependsOn = [...before, ...siblings];
    const childName = `${name}-${slot.replaceAll('/', '-')}`;
    children.set(slot, registerObject(childName, fill(object, filler) as Manifest, { parent, dependsOn }));
  }
  return children;
}

function comesAfter(slot: string, other: string): boolean {
  if (other === 'namespace') return true;
  return slot === 'control-plane/statefulset' && !other.startsWith('control-plane/');
}

/** The child of a slot. @throws SubletError `SPEC_INVALID` when there is none of that kind */
export function childOf<Kind extends pulumi.CustomResource>(
  children: Children,
  slot: string,
  kind: abstract new (...args: never[]) => Kind,
): Kind {
  const child = children.get(slot);
  if (child instanceof kind) return child;
  throw new SubletError('SPEC_INVALID', `the manifests have no ${slot}`);
}
