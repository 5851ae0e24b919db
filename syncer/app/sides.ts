import { type ConfigMap, type Secret, withoutData } from '../config';
import type { HostGate } from '../engine/host-gate';
import { Side } from '../engine/side';
import type { SideRegistry } from '../engine/side-registry';
import type { Cache, KubeClient, KubeObject } from '../kube/types';
import type { Node } from '../nodes/types';
import type { Pod } from '../pods/types';
import { withoutEnv } from '../pods/without-env';
import type { EndpointSlice, Endpoints, Service } from '../services/types';
import type { Caches } from './caches';

/** The two sides of one kind. */
export interface Pair<T extends KubeObject> {
  readonly virtual: Side<T>;
  readonly host: Side<T>;
}

/** Both sides of every kind that is synced. All writers of a kind share them, so each sees what the others wrote. */
export interface Sides {
  readonly pods: Pair<Pod>;
  readonly services: Pair<Service>;
  readonly endpoints: Pair<Endpoints>;
  readonly endpointSlices: Pair<EndpointSlice>;
  readonly configMaps: Pair<ConfigMap>;
  readonly secrets: Pair<Secret>;
  readonly nodes: Side<Node>;
}

/** Lets whoever asks the registry for one of these kinds find the side that exists. */
export function adoptSides(registry: SideRegistry, sides: Sides): void {
  const adopt = <T extends KubeObject>({ virtual, host }: Pair<T>): void => {
    registry.adopt('virtual', virtual);
    registry.adopt('host', host);
  };
  adopt(sides.pods);
  adopt(sides.services);
  adopt(sides.endpoints);
  adopt(sides.endpointSlices);
  adopt(sides.configMaps);
  adopt(sides.secrets);
  registry.adopt('virtual', sides.nodes);
}

/** Makes the sides over the caches. `gate` decides how much may be written to the host. */
export function createSides(
  { virtual, host }: Caches,
  virtualClient: KubeClient,
  hostClient: KubeClient,
  gate?: HostGate,
): Sides {
  const pair = <T extends KubeObject>(ofTenant: Cache<T>, ofHost: Cache<T>, kept?: (object: T) => T): Pair<T> => ({
    virtual: new Side(ofTenant, virtualClient),
    host: new Side(ofHost, hostClient, kept, gate),
  });
  return {
    pods: pair(virtual.pods, host.pods, withoutEnv),
    services: pair(virtual.services, host.services),
    endpoints: pair(virtual.endpoints, host.endpoints),
    endpointSlices: pair(virtual.endpointSlices, host.endpointSlices),
    configMaps: pair(virtual.configMaps, host.configMaps, withoutData),
    secrets: pair(virtual.secrets, host.secrets, withoutData),
    nodes: new Side(virtual.nodes, virtualClient),
  };
}
