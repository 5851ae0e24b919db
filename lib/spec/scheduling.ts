import * as z from 'zod';
import { text, textsByKey } from './fields';
import { RULES } from './rules';

/** What a toleration does to pods on nodes with the taint. */
export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

/** Tolerates a taint with this key and value. */
export interface EqualToleration<Text = string> {
  readonly operator: 'Equal';
  /** Key of the taint. */
  readonly key: Text;
  /** Value of the taint. */
  readonly value: Text;
  /** Effect of the taint. @default - every effect */
  readonly effect?: TaintEffect;
}

/** Tolerates a taint with this key, whatever its value; without a key, every taint. */
export interface ExistsToleration<Text = string> {
  readonly operator: 'Exists';
  /** Key of the taint. @default - every key */
  readonly key?: Text;
  /** Effect of the taint. @default - every effect */
  readonly effect?: TaintEffect;
}

/** A taint that the control plane tolerates, told apart by `operator`. */
export type Toleration<Text = string> = EqualToleration<Text> | ExistsToleration<Text>;

/** On which host nodes the control plane runs. */
export interface SchedulingOptions<Text = string> {
  /**
   * Labels that the node must have.
   * @default - none
   */
  readonly nodeSelector?: { readonly [label: string]: Text };
  /**
   * Taints that the control plane tolerates.
   * @default - none
   */
  readonly tolerations?: readonly Toleration<Text>[];
  /**
   * PriorityClass on the host.
   * @default - the host cluster's default
   */
  readonly priorityClass?: Text;
}

/** {@link SchedulingOptions} with nothing left open. */
export interface ResolvedScheduling {
  readonly nodeSelector: { readonly [label: string]: string };
  readonly tolerations: readonly Toleration[];
  readonly priorityClass?: string;
}

const effect = z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional();

const tolerationSchema = z.discriminatedUnion('operator', [
  z
    .strictObject({
      operator: z.literal('Equal'),
      key: text(RULES.labelKey),
      value: text(RULES.labelValue),
      effect,
    })
    .readonly(),
  z.strictObject({ operator: z.literal('Exists'), key: text(RULES.labelKey).optional(), effect }).readonly(),
]);

/** The fields of {@link SchedulingOptions}. */
export const schedulingShape = {
  nodeSelector: textsByKey(RULES.labelValue).readonly().optional(),
  tolerations: z.array(tolerationSchema).readonly().optional(),
  priorityClass: text(RULES.subdomain).optional(),
};

/** Fills in the defaults. */
export function resolveScheduling(options: SchedulingOptions): ResolvedScheduling {
  const { nodeSelector = {}, tolerations = [], priorityClass } = options;
  return { nodeSelector, tolerations, ...(priorityClass === undefined ? {} : { priorityClass }) };
}
