import { LABELS } from '../../lib/contract';
import { scrub } from '../engine/scrub';
import type { Pod } from './types';

/** A message of the host as the tenant reads it: its own pod, namespace and objects under their own names. */
export function virtualText(text: string, host: Pod, virtual: Pod): string {
  const { name = '', namespace = '', uid = '', labels = {} } = host.metadata;
  const own = virtual.metadata;
  const cluster = labels[LABELS.managedBy];
  return scrub(text, [
    [`${name}_${namespace}(${uid})`, `${own.name}_${own.namespace}(${own.uid})`],
    [`${namespace}/${name}`, `${own.namespace}/${own.name}`],
    [`"${namespace}"`, `"${own.namespace}"`],
    [name, own.name ?? ''],
    ...(cluster === undefined ? [] : ([[`-x-${own.namespace}-x-${cluster}`, '']] as const)),
  ]);
}
