import type { KubeObject } from '../../syncer/kube/types';
import type { Pod } from '../../syncer/pods/types';

/** `Kind.group`, `Kind` alone for the core group: what an object is, whatever version of it. */
export function kindOf({
  apiVersion = 'v1',
  kind = '',
}: {
  readonly apiVersion?: string;
  readonly kind?: string;
}): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
}

/** The same of a resource. */
export function kindOfResource({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** Whether an object is a pod. Its form was checked when it was read, or it was made of a template that was. */
export function isPod(object: KubeObject): object is Pod {
  return kindOf(object) === 'Pod';
}
