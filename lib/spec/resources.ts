import * as z from 'zod';
import { text } from './fields';
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

/** The schema of {@link Resources}. */
export const resourcesSchema = z
  .strictObject({ requests: amountsSchema.optional(), limits: amountsSchema.optional() })
  .readonly();

/** Fills in the defaults, amount by amount. */
export function resolveResources(defaults: ResourceAmounts, options: Resources = {}): ResolvedResources {
  return { requests: { ...defaults, ...defined(options.requests) }, limits: defined(options.limits) };
}

function defined(amounts: ResourceAmounts = {}): ResourceAmounts {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== undefined));
}
