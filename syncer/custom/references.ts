import type { CustomReferenceRule } from '../../lib/contract';
import { hostPlace } from '../engine/placement';
import type { ClusterContext, Reference } from '../engine/types';
import { RESOURCES } from '../kube/resources';
import type { Resource } from '../kube/types';
import { type Found, findAll, type Members } from './paths';

/** A name in a custom resource that stands for another object. */
export interface NamedObject {
  /** Where the name stands. */
  readonly found: Found;
  readonly rule: CustomReferenceRule;
  readonly name: string;
  /** The namespace that the object names beside it, and where; `undefined` when it names none. */
  readonly namespace: { readonly found: Found; readonly value: unknown } | undefined;
}

/** What can't be read as a reference. */
export interface Unreadable {
  readonly where: string;
}

/** Every name that the declared paths lead to, under `root` (`spec`, `status`) alone; what is no name is told apart. */
export function namedObjects(
  object: Members,
  rules: readonly CustomReferenceRule[],
  isMeant: (path: string) => boolean,
): { readonly named: readonly NamedObject[]; readonly unreadable: readonly Unreadable[] } {
  const named: NamedObject[] = [];
  const unreadable: Unreadable[] = [];
  for (const rule of rules.filter(({ path }) => isMeant(path))) {
    for (const found of findAll(object, rule.path)) {
      if (!counts(object, rule, found) || found.value === '') continue;
      if (typeof found.value !== 'string') unreadable.push({ where: found.where });
      else named.push({ found, rule, name: found.value, namespace: namespaceOf(object, rule, found) });
    }
  }
  return { named, unreadable };
}

/** The name and namespace of a named object on the host. */
export function hostNameOfReference(
  { rule, name }: NamedObject,
  virtualNamespace: string,
  ctx: ClusterContext,
): { readonly name: string; readonly namespace: string } {
  const place = hostPlace(name, virtualNamespace, ctx, referencedResource(rule.kind, ctx)?.kind);
  return { name: place.name, namespace: place.namespace ?? ctx.hostNamespace };
}

/** The kind that a reference names. */
export function referencedResource(kind: string, { sections }: ClusterContext): Resource | undefined {
  if (Object.hasOwn(BUILT_IN, kind)) return BUILT_IN[kind];
  const rule = sections['custom-resources'].toHost.find(({ plural, group }) => `${plural}.${group}` === kind);
  return rule === undefined ? undefined : resourceOf(rule);
}

/** The kind of a rule. Only namespaced kinds are copied to the host. */
export function resourceOf(
  { group, version, plural, kind }: Omit<Resource, 'namespaced'>,
  namespaced: boolean = true,
): Resource {
  return { group, version, plural, kind, namespaced };
}

/** References for the index that tells which Secrets and ConfigMaps must be on the host. */
export function indexed(named: readonly NamedObject[], ctx: ClusterContext): readonly Reference[] {
  return named.flatMap(({ rule, name }) => {
    const resource = referencedResource(rule.kind, ctx);
    return resource === undefined ? [] : [{ resource, name, optional: false }];
  });
}

const BUILT_IN: { readonly [kind: string]: Resource } = {
  secrets: RESOURCES.secrets,
  configMaps: RESOURCES.configMaps,
  services: RESOURCES.services,
  pods: RESOURCES.pods,
  persistentVolumeClaims: RESOURCES.persistentVolumeClaims,
};

function counts(object: Members, { when }: CustomReferenceRule, { stars }: Found): boolean {
  if (when === undefined) return true;
  const [other] = findAll(object, when.path, stars);
  const value = other === undefined ? '' : other.value;
  return typeof value === 'string' && when.is.includes(value);
}

function namespaceOf(object: Members, { namespacePath }: CustomReferenceRule, { stars }: Found) {
  if (namespacePath === undefined) return undefined;
  const [found] = findAll(object, namespacePath, stars);
  return found === undefined || found.value === '' ? undefined : { found, value: found.value };
}
