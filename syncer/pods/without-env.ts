import type { Container, Pod } from './types';

/**
 * A host pod without the variables of its containers, as the cache keeps it: nobody reads them, they can't be changed,
 * and with a hundred Services in the namespace they are most of the pod.
 */
export function withoutEnv(pod: Pod): Pod {
  const { containers, initContainers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(strip),
      ...(initContainers && { initContainers: initContainers.map(strip) }),
    },
  };
}

function strip<C extends Container>(container: C): C {
  const { env: _, ...rest } = container;
  return rest as C;
}
