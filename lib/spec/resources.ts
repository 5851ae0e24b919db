import * as z from 'zod';
import { parseQuantity } from '../contract';
import { type IssueParams, text } from './fields';
import { RULES } from './rules';

/** Amounts by resource: `{ cpu: '250m', memory: '256Mi' }`. */
export interface ResourceAmounts<Text = string> {
  /** Cores or thousandths of one: `2`, `250m`. */
  readonly cpu?: Text;
  /** Bytes: `256Mi`, `1Gi`. */
  readonly memory?: Text;
  /** Bytes on the node's disk, logs included: `1Gi`. */
  readonly 'ephemeral-storage'?: Text;
}

/** What a container asks for and what it may use at most. */
export interface Resources<Text = string> {
  /**
   * What the scheduler reserves. Amounts that are not named keep their default.
   * @default - what an idle virtual cluster needs, see each component
   */
  readonly requests?: ResourceAmounts<Text>;
  /**
   * What the container may use at most.
   * @default - no limits
   */
  readonly limits?: ResourceAmounts<Text>;
}

/** {@link Resources} with nothing left open. */
export interface ResolvedResources {
  readonly requests: ResourceAmounts;
  readonly limits: ResourceAmounts;
}

const amountsSchema = z
  .strictObject({
    cpu: text(RULES.quantity).optional(),
    memory: text(RULES.quantity).optional(),
    'ephemeral-storage': text(RULES.quantity).optional(),
  })
  .readonly();

/** How the {@link Resources} of one component are declared: their schema, and what fills in its defaults. */
export type ComponentResources = ReturnType<typeof componentResources>;

/** {@link Resources} as the schema gives them back. */
interface Declared {
  readonly requests?: Amounts | undefined;
  readonly limits?: Amounts | undefined;
}
type Amounts = { readonly [resource in keyof ResourceAmounts]: string | undefined };

/**
 * The resources of a component that has these amounts where a declaration names none. A request above its limit is
 * refused, whichever of the two is a default.
 */
export function componentResources(requests: ResourceAmounts, limits: ResourceAmounts = {}) {
  const resolve = (options: Declared = {}): ResolvedResources => ({
    requests: { ...requests, ...defined(options.requests) },
    limits: { ...limits, ...defined(options.limits) },
  });
  const schema = z
    .strictObject({ requests: amountsSchema.optional(), limits: amountsSchema.optional() })
    .superRefine((options, context) => {
      const all = resolve(options);
      for (const resource of RESOURCES) {
        const [request, limit] = [all.requests[resource], all.limits[resource]];
        if (!isAbove(request, limit)) continue;
        const side = options.limits?.[resource] === undefined ? 'requests' : 'limits';
        const [message, allowed, other] =
          side === 'limits'
            ? ['is less than the request', `${request} or more`, 'requests']
            : ['is more than the limit', `up to ${limit}`, 'limits'];
        const params: IssueParams = { allowed, hint: `${other}.${resource} can be set too` };
        context.addIssue({ code: 'custom', path: [side, resource], input: options, message, params });
      }
    })
    .readonly();
  return { schema, resolve };
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;

/** What is known only at deployment is compared there, by Kubernetes. */
function isAbove(request: string | undefined, limit: string | undefined): boolean {
  if (typeof request !== 'string' || typeof limit !== 'string') return false;
  const [wanted, most] = [parseQuantity(request), parseQuantity(limit)];
  return wanted !== undefined && most !== undefined && wanted > most;
}

function defined(amounts: Amounts = {}): ResourceAmounts {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== undefined));
}
