import type { Container, Pod } from './types';

/** A host pod as it will be when its containers, and it as a whole, ask for what they are to ask for. */
export function resizedPod(desired: Pod, current: Pod): Pod {
  const { containers, initContainers, resources } = current.spec;
  const whole = merged(resources, desired.spec.resources);
  return {
    ...current,
    spec: {
      ...current.spec,
      containers: containers.map((container) => resized(container, desired.spec.containers)),
      ...(initContainers && {
        initContainers: initContainers.map((container) => resized(container, desired.spec.initContainers)),
      }),
      ...(whole && { resources: whole }),
    },
  };
}

function resized<C extends Container>(current: C, desired: readonly Container[] = []): C {
  const wanted = desired.find(({ name }) => name === current.name);
  const resources = merged(current.resources, wanted?.resources);
  return resources === undefined ? current : { ...current, resources };
}

function merged(current: Container['resources'], desired: Container['resources']): Container['resources'] {
  if (desired === undefined) return current;
  return {
    ...current,
    limits: { ...current?.limits, ...desired.limits },
    requests: { ...current?.requests, ...desired.requests },
  };
}
