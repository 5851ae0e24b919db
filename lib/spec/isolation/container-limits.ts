import * as z from 'zod';
import { type ContainerLimits, parseQuantity, type QuotaRules } from '../../contract';
import { type IssueParams, plainText } from '../fields';
import { RULES } from '../rules';

/** Amounts of one container. */
export interface ContainerAmounts {
  /** Cores: `1`, `250m`. */
  readonly cpu?: string;
  /** Bytes of memory: `512Mi`. */
  readonly memory?: string;
  /** Bytes on the node's disk: `8Gi`. */
  readonly 'ephemeral-storage'?: string;
}

/** What a single container asks for and may use, as a LimitRange of type `Container` says it. */
export interface ContainerLimitsOptions {
  /**
   * Limits of containers that name none. One that requests more gets its request as its limit.
   * @default - `max`; where `quota.limits` counts what nothing limits: 1 CPU, 512Mi memory
   */
  readonly default?: ContainerAmounts;
  /**
   * Requests of containers that name none.
   * @default - `default` if that is declared, else `min`; where `quota.requests` counts it: 100m CPU, 128Mi memory
   */
  readonly defaultRequest?: ContainerAmounts;
  /** The highest limit. Pods with a container above it are refused, with an event. @default - none */
  readonly max?: ContainerAmounts;
  /** The lowest request. Pods with a container below it are refused, with an event. @default - none */
  readonly min?: ContainerAmounts;
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;
const AMOUNT = plainText(RULES.quantity).optional();
const amountsSchema = z.strictObject({ cpu: AMOUNT, memory: AMOUNT, 'ephemeral-storage': AMOUNT }).readonly();

/** From the lowest to the highest: none may be above one that follows it. */
const ORDER = ['min', 'defaultRequest', 'default', 'max'] as const;

/** The schema of {@link ContainerLimitsOptions}. */
export const containerLimitsSchema = z
  .strictObject({
    default: amountsSchema.optional(),
    defaultRequest: amountsSchema.optional(),
    max: amountsSchema.optional(),
    min: amountsSchema.optional(),
  })
  .superRefine((limits, context) => {
    for (const resource of RESOURCES) {
      const given = ORDER.flatMap((side) => {
        const text = limits[side]?.[resource];
        const amount = text === undefined ? undefined : parseQuantity(text);
        return text === undefined || amount === undefined ? [] : [{ side, text, amount }];
      });
      for (const [index, low] of given.entries()) {
        const high = given[index + 1];
        if (high === undefined || low.amount <= high.amount) continue;
        const params: IssueParams = { allowed: `up to ${high.text}` };
        const message = `is more than ${high.side}.${resource}`;
        context.addIssue({ code: 'custom', path: [low.side, resource], input: low.text, message, params });
      }
    }
  })
  .readonly();

/** What containers get that name nothing where a quota counts it: as vCluster's LimitRange has it. */
const COUNTED_DEFAULTS = {
  limits: { cpu: '1', memory: '512Mi' },
  requests: { cpu: '100m', memory: '128Mi' },
} as const;

/**
 * Fills in the defaults, as Kubernetes does for a LimitRange, but that a `max` alone makes nobody request it. A quota over
 * CPU or memory counts containers that name nothing by a default, so that none of them is free.
 */
export function resolveContainerLimits(options: ContainerLimitsOptions = {}, { hard }: QuotaRules): ContainerLimits {
  const max = given(options.max);
  const min = given(options.min);
  const limit = { ...max, ...given(options.default) };
  const request = { ...min, ...given(options.default), ...given(options.defaultRequest) };
  for (const resource of ['cpu', 'memory'] as const) {
    const [onLimits, onRequests] = [COUNTED_DEFAULTS.limits[resource], COUNTED_DEFAULTS.requests[resource]];
    if (hard[`limits.${resource}`] !== undefined && limit[resource] === undefined)
      limit[resource] = highest(onLimits, request[resource]);
    if (hard[`requests.${resource}`] !== undefined && request[resource] === undefined)
      request[resource] = lowest(onRequests, limit[resource]);
  }
  return { default: limit, defaultRequest: request, max, min };
}

type Amounts = { [resource: string]: string };

function given(amounts: ContainerAmounts = {}): Amounts {
  return Object.fromEntries(
    RESOURCES.flatMap((resource) => {
      const amount = amounts[resource];
      return amount === undefined ? [] : [[resource, amount]];
    }),
  );
}

function highest(one: string, other: string = one): string {
  return (parseQuantity(one) ?? 0n) >= (parseQuantity(other) ?? 0n) ? one : other;
}

function lowest(one: string, other: string = one): string {
  return highest(one, other) === one ? other : one;
}
