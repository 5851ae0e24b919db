import * as z from 'zod';

const amounts = z.record(z.string(), z.string());

/** What the section `isolation` says about how much a virtual cluster may hold on the host. */
export const quotaRules = z.strictObject({
  /**
   * The most that all its host objects together may come to, by resource as a ResourceQuota names it: `requests.cpu`,
   * `pods`, `count/ingresses.networking.k8s.io`. Nothing is counted when it is empty.
   */
  hard: amounts,
});

/** What the section `isolation` says about how much a virtual cluster may hold on the host. */
export type QuotaRules = z.infer<typeof quotaRules>;

/** What the section `isolation` says about single containers, by resource, as a LimitRange of type `Container` has it. */
export const containerLimits = z.strictObject({
  /** Limits of containers that name none. */
  default: amounts,
  /** Requests of containers that name none. */
  defaultRequest: amounts,
  /** The highest limit. */
  max: amounts,
  /** The lowest request. */
  min: amounts,
});

/** What the section `isolation` says about single containers. */
export type ContainerLimits = z.infer<typeof containerLimits>;
