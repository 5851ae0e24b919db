import * as z from 'zod';
import type { ClassRules, OfferedClasses } from '../../contract';
import { plainText } from '../fields';
import { RULES } from '../rules';

/** Classes of the host that tenants may name, and the one that they get when they name none. */
export interface ClassOffer {
  /** Classes by name. @default - only the default */
  readonly allowed?: readonly string[];
  /** The class of what names none. @default - none: what names none is refused */
  readonly default?: string;
}

/**
 * Classes of the host that tenants may use although `sync.fromHost` does not show them. Of runtime and priority classes
 * `sync.toHost.pods` says the same.
 */
export interface ClassIsolation {
  /** Ingress classes. @default - none */
  readonly ingress?: ClassOffer;
  /** Gateway classes; a Gateway always names one. @default - none */
  readonly gateway?: readonly string[];
  /** Device classes; a claim always names one. @default - none */
  readonly device?: readonly string[];
  /**
   * Storage classes, where the virtual cluster neither has classes of its own nor shows the host's.
   * @default - all that the host has, and its default
   */
  readonly storage?: ClassOffer;
}

const className = plainText(RULES.subdomain);
const names = z.array(className).readonly();
const offer = z.strictObject({ allowed: names.optional(), default: className.optional() }).readonly();

/** The schema of {@link ClassIsolation}. */
export const classIsolationSchema = z
  .strictObject({
    ingress: offer.optional(),
    gateway: names.optional(),
    device: names.optional(),
    storage: offer.optional(),
  })
  .readonly();

/** Fills in the defaults. */
export function resolveClassIsolation(options: ClassIsolation = {}): ClassRules {
  const { ingress = {}, gateway = [], device = [], storage } = options;
  return {
    ingress: offered(ingress),
    gateway: { allowed: [...gateway] },
    device: { allowed: [...device] },
    ...(storage && { storage: offered(storage) }),
  };
}

/** The default may be named too. */
function offered({ allowed = [], default: fallback }: ClassOffer): OfferedClasses {
  if (fallback === undefined) return { allowed: [...allowed] };
  return { allowed: [...new Set([...allowed, fallback])], default: fallback };
}
