import { isProperties, type Properties, textAt, type Value } from './properties';

/** One property that differs. */
export interface Difference {
  /** `spec.template.spec.containers[0].image` */
  readonly path: string;
  readonly kind: 'add' | 'delete' | 'update';
}

/** Everywhere that two resources' properties differ; secrets must be open. */
export function differences(before: Properties, after: Properties): readonly Difference[] {
  return compare(before, after, '');
}

/** Fields that no object of any kind can change. */
const FIXED = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'];

/** Further ones, by kind, as the real provider has them. */
const FIXED_BY_KIND: { readonly [kind: string]: readonly string[] } = {
  Deployment: ['spec.selector'],
  Job: ['spec.template', 'spec.selector', 'spec.completions'],
  PersistentVolumeClaim: ['spec.accessModes', 'spec.selector', 'spec.storageClassName', 'spec.volumeName'],
  RoleBinding: ['roleRef'],
  ClusterRoleBinding: ['roleRef'],
  Secret: ['type'],
  Service: ['spec.clusterIP'],
  StatefulSet: ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy', 'spec.volumeClaimTemplates'],
};

/** Whether the property at a path can change only with a new object. */
export function needsReplacement(kind: string, path: string): boolean {
  const fixed = [...FIXED, ...(FIXED_BY_KIND[kind] ?? [])];
  return fixed.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
}

/** Whether the new object would have the name of the old one, so that this has to go first. */
export function sameName(before: Properties, after: Properties): boolean {
  return ['name', 'namespace'].every((field) => textAt(before, 'metadata', field) === textAt(after, 'metadata', field));
}

function compare(before: Value, after: Value, path: string): readonly Difference[] {
  if (before === after || (before == null && after == null)) return [];
  if (before == null) return [{ path, kind: 'add' }];
  if (after == null) return [{ path, kind: 'delete' }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => compare(before[index], after[index], `${path}[${index}]`)).flat();
  }
  if (isProperties(before) && isProperties(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => compare(before[name], after[name], joined(path, name)));
  }
  return [{ path, kind: 'update' }];
}

function joined(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
