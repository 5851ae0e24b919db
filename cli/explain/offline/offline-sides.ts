import { Side } from '../../../syncer/engine/side';
import { type CacheShape, SideRegistry } from '../../../syncer/engine/side-registry';
import type { ClusterContext } from '../../../syncer/engine/types';
import { silentLogger } from '../../../syncer/kube/logger';
import type { KubeObject, Resource } from '../../../syncer/kube/types';
import { kindOf, kindOfResource } from '../kind-of';
import { FixedCache } from './fixed-cache';
import { NO_API } from './no-api';

/** The objects of both clusters, as far as anything is known of them. */
export interface KnownObjects {
  /** What the virtual cluster holds: what was given, and what is assumed. */
  readonly virtual: readonly KubeObject[];
  /** What the host has of its own: assumed classes. */
  readonly foreign: readonly KubeObject[];
}

/** Both sides of all kinds without any API server: the host holds no copy yet. */
export class OfflineSides extends SideRegistry {
  constructor(
    private readonly known: KnownObjects,
    context: ClusterContext,
  ) {
    super({ virtual: NO_API, host: NO_API }, context, silentLogger);
  }

  override virtual<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}): Side<T> {
    return this.#fixed(resource, this.known.virtual, shape);
  }

  override imports<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}): Side<T> {
    return this.#fixed(resource, [], shape);
  }

  override single<T extends KubeObject>(where: 'virtual' | 'host', resource: Resource, name: string): Side<T> {
    const all = where === 'virtual' ? this.known.virtual : this.known.foreign;
    const named = all.filter(({ metadata }) => metadata.name === name);
    return this.#fixed(resource, named, {});
  }

  override host<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}): Side<T> {
    return this.#fixed(resource, [], shape);
  }

  override foreign<T extends KubeObject>(resource: Resource, shape: CacheShape<T> = {}): Side<T> {
    return this.#fixed(resource, this.known.foreign, shape);
  }

  #fixed<T extends KubeObject>(resource: Resource, from: readonly KubeObject[], shape: CacheShape<T>): Side<T> {
    // A kind has one type, which its resource stands for.
    const objects = from.filter((object): object is T => kindOf(object) === kindOfResource(resource));
    return new Side(new FixedCache(resource, objects, shape.indexers), NO_API);
  }
}
