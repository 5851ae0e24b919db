import * as z from 'zod';
import type { OwnPods } from './own-pods';

const named = z.looseObject({ name: z.string() });
const podStats = z.looseObject({
  podRef: z.object({ name: z.string(), namespace: z.string(), uid: z.string() }),
  containers: z.array(named).optional(),
  volume: z.array(named).optional(),
});
const summary = z.object({ node: z.looseObject({ nodeName: z.string() }), pods: z.array(z.unknown()).optional() });

/**
 * A kubelet's `/stats/summary`, with the tenant's pods only and under their own names.
 *
 * @param showsNode whether what is measured of the node as a whole stays
 * @returns undefined for what is no such summary
 */
export function ownSummary(body: unknown, own: OwnPods, showsNode: boolean): object | undefined {
  const read = summary.safeParse(body);
  if (!read.success) return undefined;
  const { node, pods = [] } = read.data;
  const shown = pods.flatMap((pod) => {
    const stats = podStats.safeParse(pod).data;
    const found = stats && own.get(`${stats.podRef.namespace}/${stats.podRef.name}`);
    if (stats === undefined || found === undefined) return [];
    const { namespace, name, uid, containers } = found;
    return [
      {
        ...stats,
        podRef: { name, namespace, uid },
        ...(stats.containers && { containers: stats.containers.filter((one) => containers.includes(one.name)) }),
        // The claim behind a volume bears its host's name here, and the tenant knows it by the volume.
        ...(stats.volume && { volume: stats.volume.map(({ pvcRef: _, ...volume }) => volume) }),
      },
    ];
  });
  return { node: showsNode ? node : { nodeName: node.nodeName }, pods: shown };
}
