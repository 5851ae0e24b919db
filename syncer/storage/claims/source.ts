import { hostNameOf } from '../../engine/placement';
import type { ClusterContext } from '../../engine/types';
import type { TypedReference } from '../types';

/** Which kinds a claim may name as the source of its data, by group and kind: those whose objects are on the host. */
export type IsSynced = (group: string, kind: string) => boolean;

/** Where a host claim takes its data from. */
export type SourceChoice =
  | { readonly kind: 'source'; readonly source: TypedReference | undefined }
  /** Something in the virtual cluster may fill a volume and hand it to the claim; the host can't. */
  | { readonly kind: 'refused'; readonly field: string; readonly message: string };

/** The data source of a claim in the host's names. The API server keeps `dataSource` and `dataSourceRef` alike. */
export function chooseSource(
  source: TypedReference | undefined,
  virtualNamespace: string,
  isSynced: IsSynced,
  ctx: ClusterContext,
): SourceChoice {
  if (source === undefined) return { kind: 'source', source };
  const { apiGroup = '', kind, name, namespace } = source;
  if (namespace !== undefined && namespace !== virtualNamespace) {
    const field = 'spec.dataSourceRef.namespace';
    return { kind: 'refused', field, message: `${field}: a claim can take its data from its own namespace only` };
  }
  if (!isSynced(apiGroup, kind)) {
    const field = 'spec.dataSourceRef.kind';
    const what = apiGroup === '' ? kind : `${kind} of ${apiGroup}`;
    return { kind: 'refused', field, message: `${field}: ${what} is not copied to the host cluster` };
  }
  return {
    kind: 'source',
    source: { ...(apiGroup !== '' && { apiGroup }), kind, name: hostNameOf(name, virtualNamespace, ctx, kind) },
  };
}
