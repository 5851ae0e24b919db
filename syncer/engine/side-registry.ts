import { LABELS } from '../../lib/contract';
import type { Logger } from '../kube/logger';
import { createReflector } from '../kube/reflector';
import type { Reflector } from '../kube/reflector-options';
import type { Indexers } from '../kube/store';
import type { KubeClient, KubeObject, ListQuery, Resource } from '../kube/types';
import type { HostGate } from './host-gate';
import { clusterScopedMarker, ownObjects } from './placement';
import { Side } from './side';
import type { ClusterContext } from './types';

/** What a cache keeps of a kind. The first to ask for a kind decides; who asks later gets the same cache. */
export interface CacheShape<T extends KubeObject> {
  /** Ask for `metadata` only. @default false */
  readonly metadataOnly?: boolean;
  /** Labels that the objects must carry, besides the cluster's own. @default none */
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Drops what nobody reads. @default nothing is dropped */
  readonly transform?: (object: T) => T;
  readonly indexers?: Indexers<T>;
  /** The kind may not be served, as it comes with an add-on. @default false */
  readonly optional?: boolean;
  /** The namespace, and with it the right to look there, may come later. @default false */
  readonly deniable?: boolean;
}

/** The API servers, and who watches what there: one watch a kind and side, however many features look at it. */
export class SideRegistry {
  readonly #sides = new Map<string, Side<KubeObject>>();
  readonly #reflectors = { virtual: [] as Reflector<KubeObject>[], host: [] as Reflector<KubeObject>[] };

  constructor(
    private readonly clients: { readonly virtual: KubeClient; readonly host: KubeClient },
    private readonly scope: Pick<ClusterContext, 'cluster' | 'hostNamespace' | 'sections'>,
    private readonly logger: Logger,
    /** What decides how much the host may hold. @default nothing does */
    private readonly gate?: HostGate,
  ) {}

  /** Every cache that was asked for, to be run and waited for before anything is synced. */
  get reflectors(): readonly Reflector<KubeObject>[] {
    return [...this.#reflectors.virtual, ...this.#reflectors.host];
  }

  /** The part of {@link reflectors} that follows one of the API servers. */
  reflectorsOf(side: 'virtual' | 'host'): readonly Reflector<KubeObject>[] {
    return this.#reflectors[side];
  }

  /** Takes in a side that was made elsewhere, so that whoever asks for the kind gets it. */
  adopt<T extends KubeObject>(where: 'virtual' | 'host', side: Side<T>): void {
    this.#sides.set(`${idOf(where, side.resource)} `, side as unknown as Side<KubeObject>);
  }

  /** All objects of a kind in the virtual cluster. */
  virtual<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}): Side<T> {
    return this.#side('virtual', resource, {}, shape);
  }

  /** The objects of a kind in the virtual cluster that show one of the host: for kinds of which most are the tenant's. */
  imports<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}): Side<T> {
    return this.#side('virtual', resource, {}, { ...shape, labelSelector: `${LABELS.imported}=true` }, 'imports');
  }

  /** The one object of a cluster-scoped kind that bears this name. */
  single<T extends KubeObject>(where: 'virtual' | 'host', resource: Resource, name: string): Side<T> {
    return this.#side(where, resource, {}, { fieldSelector: `metadata.name=${name}` }, name);
  }

  /** The objects of a kind on the host that this virtual cluster's label marks as its own. */
  host<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}): Side<T> {
    const query: ListQuery = resource.namespaced
      ? ownObjects(this.scope)
      : { labelSelector: `${LABELS.managedBy}=${clusterScopedMarker(this.scope)}` };
    return this.#side('host', resource, query, shape);
  }

  /** The host's own objects of a kind: all of a cluster-scoped kind, or those of one namespace. */
  foreign<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}, namespace?: string): Side<T> {
    return this.#side(
      `foreign ${namespace ?? ''} ${shape.labelSelector ?? ''} ${shape.fieldSelector ?? ''}`,
      resource,
      namespace === undefined ? {} : { namespace },
      shape,
    );
  }

  #side<T extends KubeObject>(
    where: string,
    resource: Resource,
    query: ListQuery,
    shape: CacheShape<T>,
    name = '',
  ): Side<T> {
    const id = `${idOf(where, resource)} ${name}`;
    const known = this.#sides.get(id);
    // A kind has one type, which its resource stands for; the compiler can't tie the two in a map.
    if (known !== undefined) return known as unknown as Side<T>;
    const server = where === 'virtual' ? 'virtual' : 'host';
    const client = this.clients[server];
    const {
      labelSelector,
      fieldSelector,
      metadataOnly,
      transform,
      indexers,
      optional = false,
      deniable = false,
    } = shape;
    const selectors = [query.labelSelector, labelSelector].filter((one) => one !== undefined).join(',');
    const backoff = optional || deniable ? ADD_ON_BACKOFF : where === 'virtual' ? LOOPBACK_BACKOFF : undefined;
    const reflector = createReflector<T>({
      client,
      resource,
      query: {
        ...query,
        ...(selectors === '' ? {} : { labelSelector: selectors }),
        ...(fieldSelector === undefined ? {} : { fieldSelector }),
        ...(metadataOnly === undefined ? {} : { metadataOnly }),
      },
      optional,
      deniable,
      ...(transform === undefined ? {} : { transform }),
      ...(indexers === undefined ? {} : { indexers }),
      logger: this.logger,
      ...(backoff === undefined ? {} : { backoff }),
    });
    const side = new Side<T>(reflector, client, transform, where === 'host' && name === '' ? this.gate : undefined);
    this.#reflectors[server].push(reflector as unknown as Reflector<KubeObject>);
    this.#sides.set(id, side as unknown as Side<KubeObject>);
    return side;
  }
}

/** The virtual API server is in the same pod and serves this syncer: after a restart it is to be found at once. */
export const LOOPBACK_BACKOFF = { baseMs: 200, capMs: 2_000 };

/** A kind that is not served is asked for seldom: installing an add-on takes its time too. */
const ADD_ON_BACKOFF = { baseMs: 2_000, capMs: 15_000 };

function idOf(where: string, { group, version, plural }: Resource): string {
  return `${where} ${plural}.${version}.${group}`;
}
