import * as z from 'zod';
import { type ExtraArgs, extraArgsSchema, type ResolvedExtraArgs, resolveExtraArgs } from './extra-args';
import { RESERVED_FLAGS } from './reserved-flags';
import { componentResources, type ResolvedResources, type Resources } from './resources';

/** The host's scheduler places the pods. Labels and taints that a tenant gives a node have no effect. */
export interface HostScheduling {
  readonly by: 'host';
}

/** The host's scheduler places the pods, on nodes with the selector's labels only, whatever a pod itself selects. */
export interface SelectedHostScheduling {
  readonly by: 'hostOnSelected';
}

/**
 * A kube-scheduler of the virtual cluster's own places the pods: labels, taints, cordon, drain and schedulers of the
 * tenant's take effect. Only pods that have a node reach the host, where they may run on that node alone.
 */
export interface OwnScheduling<Text = string> {
  readonly by: 'own';
  /**
   * What the nodes' allocatable amounts say about pods of others on the same nodes. `subtracted`: they are less what
   * those request, for which the syncer must be allowed to read all pods of the host. `ignored`: they are the host's,
   * and a pod that finds its node full waits there.
   * @default 'ignored'
   */
  readonly othersUse?: 'ignored' | 'subtracted';
  /**
   * What the container of kube-scheduler asks for and may use.
   * @default - requests of 10m CPU and 64Mi memory, no limits
   */
  readonly resources?: Resources<Text>;
  /**
   * Further flags of kube-scheduler, without the leading dashes. Those that Sublet sets itself are refused.
   * @default - none
   */
  readonly extraArgs?: ExtraArgs<Text>;
}

/** The kube-scheduler of the virtual cluster, if it has one. */
export type ResolvedScheduler =
  | { readonly kind: 'none' }
  | { readonly kind: 'own'; readonly resources: ResolvedResources; readonly extraArgs: ResolvedExtraArgs };

/** An idle scheduler was measured to use 2m CPU and 68 MiB, part of it its program. */
const SCHEDULER = componentResources({ cpu: '10m', memory: '64Mi' });

/** The schema of {@link HostScheduling}. */
export const byHost = z.strictObject({ by: z.literal('host') }).readonly();
/** The schema of {@link SelectedHostScheduling}. */
export const byHostOnSelected = z.strictObject({ by: z.literal('hostOnSelected') }).readonly();
/** The schema of {@link OwnScheduling}. */
export const byOwn = z
  .strictObject({
    by: z.literal('own'),
    othersUse: z.enum(['ignored', 'subtracted']).optional(),
    resources: SCHEDULER.schema.optional(),
    extraArgs: extraArgsSchema('kube-scheduler', RESERVED_FLAGS.scheduler).optional(),
  })
  .readonly();

/** The kube-scheduler that a declaration asks for. */
export function resolveScheduler(scheduling: AnyScheduling | undefined): ResolvedScheduler {
  if (scheduling?.by !== 'own') return { kind: 'none' };
  return {
    kind: 'own',
    resources: SCHEDULER.resolve(scheduling.resources),
    extraArgs: resolveExtraArgs(scheduling.extraArgs),
  };
}

/** Any way of placing pods. */
export type AnyScheduling = HostScheduling | SelectedHostScheduling | OwnScheduling;

/** Fills in the defaults of what the syncer is told. */
export function resolveScheduling<Other extends HostScheduling | SelectedHostScheduling>(
  scheduling: Other | OwnScheduling,
) {
  if (scheduling.by !== 'own') return scheduling;
  return { by: 'own', othersUse: scheduling.othersUse ?? 'ignored' } as const;
}
