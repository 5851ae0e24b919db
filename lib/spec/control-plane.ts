import * as z from 'zod';
import { type ExtraArgs, extraArgsSchema, type ResolvedExtraArgs, resolveExtraArgs } from './extra-args';
import { laterNumber, texts, textsByKey } from './fields';
import { RESERVED_FLAGS } from './reserved-flags';
import { type ComponentResources, componentResources, type ResolvedResources, type Resources } from './resources';
import { RULES } from './rules';
import { type ResolvedScheduling, resolveScheduling, type SchedulingOptions, schedulingShape } from './scheduling';
import { type ControlPlaneService, serviceSchema } from './service';

/** An upstream component of the control plane. */
export interface ComponentOptions<Text = string> {
  /** What its container asks for and may use. @default - see the component */
  readonly resources?: Resources<Text>;
  /**
   * Further flags, without the leading dashes: `{ v: '4' }`. Those that Sublet sets itself are refused.
   * @default - none
   */
  readonly extraArgs?: ExtraArgs<Text>;
}

/** How much the syncer tells in its log. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** The syncer. */
export interface SyncerOptions<Text = string> {
  /** What its container asks for and may use. @default - requests of 20m CPU and 96Mi memory, no limits */
  readonly resources?: Resources<Text>;
  /** From which level on its log tells. @default 'info' */
  readonly logLevel?: LogLevel;
}

/** The pod that serves the virtual cluster, and the Service in front of it. */
export interface ControlPlaneOptions<Text = string, Count = number> extends SchedulingOptions<Text> {
  /**
   * Names and addresses in the API server's certificate, beyond those that it always has (its Service's names and
   * address, `localhost`).
   * @default - none
   */
  readonly extraSans?: readonly Text[];
  /**
   * How the API server is reached from outside the host cluster.
   * @default { type: 'ClusterIP' }
   */
  readonly service?: ControlPlaneService<Text, Count>;
  /** kube-apiserver. @default - requests of 50m CPU and 256Mi memory, no limits */
  readonly apiServer?: ComponentOptions<Text>;
  /** kube-controller-manager. @default - requests of 20m CPU and 64Mi memory, no limits */
  readonly controllerManager?: ComponentOptions<Text>;
  /** The syncer. */
  readonly syncer?: SyncerOptions<Text>;
  /**
   * Annotations of the pod.
   * @default - none
   */
  readonly podAnnotations?: { readonly [key: string]: Text };
}

/** {@link ControlPlaneOptions} with a store outside, which several pods can share. */
export interface ReplicatedControlPlaneOptions<Text = string, Count = number> extends ControlPlaneOptions<Text, Count> {
  /**
   * How many pods serve the virtual cluster, from 1 to 9. All of them serve its API; one syncer and one controller
   * manager work at a time, and another takes over within seconds when theirs is gone.
   * @default 1
   */
  readonly replicas?: Count;
}

/** {@link ControlPlaneOptions} with a store that one pod has to itself. */
export interface SingleControlPlaneOptions<Text = string, Count = number> extends ControlPlaneOptions<Text, Count> {
  /**
   * How many pods serve the virtual cluster. For more than one the store must be outside of them.
   * @default 1
   */
  readonly replicas?: 1;
}

/** {@link ComponentOptions} with nothing left open. */
export interface ResolvedComponent {
  readonly resources: ResolvedResources;
  readonly extraArgs: ResolvedExtraArgs;
}

/** {@link ReplicatedControlPlaneOptions} with nothing left open. */
export interface ResolvedControlPlane extends ResolvedScheduling {
  readonly replicas: number;
  readonly extraSans: readonly string[];
  readonly service: ControlPlaneService;
  readonly apiServer: ResolvedComponent;
  readonly controllerManager: ResolvedComponent;
  readonly syncer: { readonly resources: ResolvedResources; readonly logLevel: LogLevel };
  readonly podAnnotations: { readonly [key: string]: string };
}

// The requests are what an idle virtual cluster was measured to use.
const API_SERVER = componentResources({ cpu: '50m', memory: '256Mi' });
const CONTROLLER_MANAGER = componentResources({ cpu: '20m', memory: '64Mi' });
const SYNCER = componentResources({ cpu: '20m', memory: '96Mi' });

const componentSchema = ({ schema }: ComponentResources, component: string, reserved: readonly string[]) =>
  z
    .strictObject({
      resources: schema.optional(),
      extraArgs: extraArgsSchema(component, reserved).optional(),
    })
    .readonly();

/** The schema of {@link ReplicatedControlPlaneOptions}. */
export const controlPlaneSchema = z
  .strictObject({
    replicas: laterNumber(1, 9).optional(),
    extraSans: texts(RULES.subjectAltName).optional(),
    service: serviceSchema.optional(),
    apiServer: componentSchema(API_SERVER, 'kube-apiserver', RESERVED_FLAGS.apiServer).optional(),
    controllerManager: componentSchema(
      CONTROLLER_MANAGER,
      'kube-controller-manager',
      RESERVED_FLAGS.controllerManager,
    ).optional(),
    syncer: z
      .strictObject({
        resources: SYNCER.schema.optional(),
        logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).optional(),
      })
      .readonly()
      .optional(),
    podAnnotations: textsByKey(RULES.free).readonly().optional(),
    ...schedulingShape,
  })
  .readonly();

/** Fills in the defaults. */
export function resolveControlPlane(options: ReplicatedControlPlaneOptions = {}): ResolvedControlPlane {
  const { apiServer, controllerManager, syncer } = options;
  return {
    replicas: options.replicas ?? 1,
    extraSans: options.extraSans ?? [],
    service: options.service ?? { type: 'ClusterIP' },
    apiServer: {
      resources: API_SERVER.resolve(apiServer?.resources),
      extraArgs: resolveExtraArgs(apiServer?.extraArgs),
    },
    controllerManager: {
      resources: CONTROLLER_MANAGER.resolve(controllerManager?.resources),
      extraArgs: resolveExtraArgs(controllerManager?.extraArgs),
    },
    syncer: {
      resources: SYNCER.resolve(syncer?.resources),
      logLevel: syncer?.logLevel ?? 'info',
    },
    podAnnotations: options.podAnnotations ?? {},
    ...resolveScheduling(options),
  };
}
