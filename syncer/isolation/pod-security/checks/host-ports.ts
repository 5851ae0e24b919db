import { inContainers } from '../containers';
import type { Finder } from '../types';
import { notAllowed } from '../wording';

/** Ports of the node. */
export const hostPorts: Finder = (pod) =>
  inContainers(pod, ({ ports }, path) =>
    (ports ?? []).flatMap(({ hostPort }, index) =>
      (hostPort ?? 0) === 0
        ? []
        : [
            {
              field: `${path}.ports[${index}].hostPort`,
              problem: notAllowed(hostPort ?? 0),
              exemptible: { kind: 'hostPort', port: hostPort ?? 0 },
            },
          ],
    ),
  );
