import { type ConfigMap, type Secret, withoutData } from '../config';
import { Side } from '../engine/side';
import type { SideRegistry } from '../engine/side-registry';
import type { KubeClient, KubeObject } from '../kube/types';
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

/** Makes the sides over the caches. */
export function createSides({ virtual, host }: Caches, virtualClient: KubeClient, hostClient: KubeClient): Sides {
  return {
    pods: { virtual: new Side(virtual.pods, virtualClient), host: new Side(host.pods, hostClient, withoutEnv) },
    services: { virtual: new Side(virtual.services, virtualClient), host: new Side(host.services, hostClient) },
    endpoints: { virtual: new Side(virtual.endpoints, virtualClient), host: new Side(host.endpoints, hostClient) },
    endpointSlices: {
      virtual: new Side(virtual.endpointSlices, virtualClient),
      host: new Side(host.endpointSlices, hostClient),
    },
    configMaps: {
      virtual: new Side(virtual.configMaps, virtualClient),
      host: new Side(host.configMaps, hostClient, withoutData),
    },
    secrets: {
      virtual: new Side(virtual.secrets, virtualClient),
      host: new Side(host.secrets, hostClient, withoutData),
    },
    nodes: new Side(virtual.nodes, virtualClient),
  };
}
