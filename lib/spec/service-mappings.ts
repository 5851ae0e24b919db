import * as z from 'zod';
import type { ServicesSection } from '../contract';
import { type IssueParams, plainText, text } from './fields';
import { RULES } from './rules';

/**
 * A Service of one side and the Service by which the other side knows it. `Virtual` and `Host` are what the names on
 * each side take. Those of the Service that is made are plain, and so is the host's namespace, in which rights are needed.
 */
export interface ServiceMapping<Virtual = string, Host = string> {
  /** The Service in the virtual cluster. */
  readonly virtual: { readonly namespace: Virtual; readonly name: Virtual };
  /** The Service on the host. */
  readonly host: {
    /** @default - the namespace of the virtual cluster, for which no rights elsewhere are needed */
    readonly namespace?: string;
    readonly name: Host;
  };
}

/**
 * Services that are known under given names on the other side, whatever their type, and kept in step. The one that is
 * made leads to the same pods or addresses as the one that it stands for.
 */
export interface ServiceMappingsOptions<Text = string> {
  /** Services of the virtual cluster that are reached by name on the host. @default - none */
  readonly toHost?: readonly ServiceMapping<Text, string>[];
  /** Services of the host that are reached by name in the virtual cluster. @default - none */
  readonly fromHost?: readonly ServiceMapping<string, Text>[];
}

const made = plainText(RULES.label);
const meant = text(RULES.label);
const hostNamespace = plainText(RULES.label).optional();

const toHostSchema = z
  .strictObject({
    virtual: z.strictObject({ namespace: meant, name: meant }).readonly(),
    host: z.strictObject({ namespace: hostNamespace, name: made }).readonly(),
  })
  .readonly();

const fromHostSchema = z
  .strictObject({
    virtual: z.strictObject({ namespace: made, name: made }).readonly(),
    host: z.strictObject({ namespace: hostNamespace, name: meant }).readonly(),
  })
  .readonly();

/** The schema of {@link ServiceMappingsOptions}. */
export const serviceMappingsSchema = z
  .strictObject({
    toHost: z.array(toHostSchema).readonly().optional(),
    fromHost: z.array(fromHostSchema).readonly().optional(),
  })
  .superRefine(({ toHost = [], fromHost = [] }, context) => {
    report(
      'toHost',
      'host',
      toHost.map(({ host }) => `${host.namespace ?? ''}/${host.name}`),
      context,
    );
    report(
      'fromHost',
      'virtual',
      fromHost.map(({ virtual }) => `${virtual.namespace}/${virtual.name}`),
      context,
    );
  })
  .readonly();

/** Services that every virtual cluster has, and that nothing else may be called. */
const TAKEN: ReadonlySet<string> = new Set(['default/kubernetes', 'kube-system/kube-dns']);

function report(
  direction: 'toHost' | 'fromHost',
  side: 'host' | 'virtual',
  targets: readonly string[],
  context: z.core.$RefinementCtx,
): void {
  for (const [index, target] of targets.entries()) {
    const taken = side === 'virtual' && TAKEN.has(target);
    if (!taken && targets.indexOf(target) === index) continue;
    const params: IssueParams = { allowed: 'a Service that nothing else stands for' };
    const message = taken ? 'is a Service that every cluster has' : 'is the target of another mapping too';
    context.addIssue({ code: 'custom', path: [direction, index, side], input: target, message, params });
  }
}

/** Fills in the defaults. */
export function resolveServiceMappings({ toHost = [], fromHost = [] }: ServiceMappingsOptions = {}): ServicesSection {
  return { version: 1, toHost: toHost.map(resolved), fromHost: fromHost.map(resolved) };
}

function resolved({ virtual, host }: ServiceMapping): ServicesSection['toHost'][number] {
  return { virtual: { ...virtual }, host: { ...host } };
}
