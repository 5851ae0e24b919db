import { ANNOTATIONS } from '../../lib/contract';
import type { KubeObject } from '../kube/types';
import { type Column, formatTable } from '../terminal/table';

/** A pod or Service as both views show it. */
export interface Viewed extends KubeObject {
  readonly spec?: { readonly nodeName?: string; readonly clusterIP?: string };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

/** The same thing seen from inside the virtual cluster and on the host. */
export interface Pair {
  readonly virtual: Viewed;
  /** `undefined` while it is not synced. */
  readonly host: Viewed | undefined;
}

/** Pairs virtual objects with their host objects, by the annotations that say whose a host object is. */
export function pairUp(virtual: readonly Viewed[], host: readonly Viewed[]): readonly Pair[] {
  const byOrigin = new Map(host.map((object) => [originOf(object), object]));
  return virtual.map((object) => {
    const { namespace = '', name = '' } = object.metadata ?? {};
    return { virtual: object, host: byOrigin.get(`${namespace}/${name}`) };
  });
}

/** The two views of pods, side by side. */
export function podTable(pairs: readonly Pair[]): string {
  return formatTable<Pair>(
    [
      { title: 'IN THE VIRTUAL CLUSTER', value: ({ virtual }) => nameOf(virtual) },
      { title: 'NODE', value: ({ virtual }) => virtual.spec?.nodeName ?? '-' },
      { title: 'IP', value: ({ virtual }) => virtual.status?.podIP ?? '-' },
      divider,
      { title: 'ON THE HOST', value: ({ host }) => nameOf(host) },
      { title: 'NODE', value: ({ host }) => host?.spec?.nodeName ?? '-' },
      { title: 'IP', value: ({ host }) => host?.status?.podIP ?? '-' },
    ],
    pairs,
  );
}

/** The two views of Services, side by side. */
export function serviceTable(pairs: readonly Pair[]): string {
  return formatTable<Pair>(
    [
      { title: 'IN THE VIRTUAL CLUSTER', value: ({ virtual }) => nameOf(virtual) },
      { title: 'CLUSTER-IP', value: ({ virtual }) => virtual.spec?.clusterIP ?? '-' },
      divider,
      { title: 'ON THE HOST', value: ({ host }) => nameOf(host) },
      { title: 'CLUSTER-IP', value: ({ host }) => host?.spec?.clusterIP ?? '-' },
    ],
    pairs,
  );
}

const divider: Column<Pair> = { title: '│', value: ({ host }) => (host === undefined ? '✗' : '↔') };

function nameOf(object: Viewed | undefined): string {
  const { namespace = '', name } = object?.metadata ?? {};
  return name === undefined ? '(not synced)' : `${namespace}/${name}`;
}

function originOf(object: Viewed): string {
  const annotations = object.metadata?.annotations ?? {};
  return `${annotations[ANNOTATIONS.objectNamespace] ?? ''}/${annotations[ANNOTATIONS.objectName] ?? ''}`;
}
