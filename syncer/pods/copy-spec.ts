import { hostNameOf } from '../engine/placement';
import type { ClusterContext } from '../engine/types';
import { hostFieldPath } from './downward-api';
import { translateFields } from './field-rules';
import { POD_SPEC } from './fields';
import type { Pod, PodSpec, Refusal } from './types';

/** A pod's `spec` after the allow-list: what may be copied, with names and downward-API paths of the host. */
export interface CopiedSpec {
  readonly spec: PodSpec;
  /** Paths of the downward API that the tenant uses, as the tenant writes them. */
  readonly fieldPaths: ReadonlySet<string>;
  /** What may not reach the host. If there is any, `spec` is incomplete. */
  readonly refusals: readonly Refusal[];
}

/** Takes a pod's `spec` through the allow-list. */
export function copySpec(v: Pod, ctx: ClusterContext): CopiedSpec {
  const { namespace = '' } = v.metadata;
  const fieldPaths = new Set<string>();
  const { value, refusals } = translateFields(POD_SPEC, v.spec, 'spec', {
    // An empty name refers to nothing, on both sides.
    name: (_of, name) => (name === '' ? name : hostNameOf(name, namespace, ctx)),
    fieldPath(path) {
      fieldPaths.add(path);
      return hostFieldPath(path, ctx);
    },
  });
  return { spec: value, fieldPaths, refusals };
}
