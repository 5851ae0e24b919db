import * as z from 'zod';
import {
  type AddressRange,
  coversRange,
  exceptionsIn,
  formatRange,
  NEVER_REACHED,
  parseRange,
  rangesOf,
} from '../../contract/network';
import { type IssueParams, plainText, wholeNumber } from '../fields';
import { RULES, type TextRule } from '../rules';
import { forbiddenRanges, type KnownRanges } from './forbidden-ranges';

const RANGE: TextRule = {
  allowed: 'an address range such as 203.0.113.0/24 or 2001:db8::/32',
  test: (text) => text.includes('/') && canonical(text) === text,
  hint: (text) => {
    const meant = canonical(text);
    return meant === undefined ? undefined : `did you mean ${meant}?`;
  },
};

function canonical(text: string): string | undefined {
  const range = parseRange(text);
  return range === undefined ? undefined : formatRange(range);
}

const range = plainText(RANGE);
const ranges = z.array(range).readonly();

const port = z
  .strictObject({
    port: wholeNumber(1, 65_535),
    endPort: wholeNumber(1, 65_535).optional(),
    protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(),
  })
  .superRefine(({ port: first, endPort }, context) => {
    if (endPort === undefined || endPort >= first) return;
    report(context, ['endPort'], endPort, 'is below `port`', { allowed: `${first} or more` });
  })
  .readonly();

const labels = z
  .record(z.string(), plainText(RULES.labelValue))
  .superRefine((all, context) => {
    for (const key of Object.keys(all)) {
      if (RULES.labelKey.test(key)) continue;
      report(context, [key], key, 'is not a label key', { allowed: RULES.labelKey.allowed });
    }
  })
  .readonly();

const peerShape = {
  cidr: range.optional(),
  except: ranges.optional(),
  namespaceLabels: labels.optional(),
  podLabels: labels.optional(),
};

interface Peer {
  readonly cidr?: string | undefined;
  readonly except?: readonly string[] | undefined;
  readonly namespaceLabels?: { readonly [key: string]: string } | undefined;
  readonly podLabels?: { readonly [key: string]: string } | undefined;
}

/** Adds an issue. */
function report(
  context: z.core.$RefinementCtx,
  path: readonly PropertyKey[],
  input: unknown,
  message: string,
  params: IssueParams,
): void {
  context.addIssue({ code: 'custom', path: [...path], input, message, params });
}

function checkPeer(peer: Peer, context: z.core.$RefinementCtx): void {
  const { cidr, except = [], namespaceLabels = {}, podLabels = {} } = peer;
  const labelled = peer.namespaceLabels !== undefined || peer.podLabels !== undefined;
  if (cidr !== undefined && labelled) {
    report(context, ['cidr'], cidr, 'stands beside labels', { allowed: 'cidr, or namespaceLabels and podLabels' });
  }
  if (cidr === undefined && Object.keys({ ...namespaceLabels, ...podLabels }).length === 0) {
    const params = { allowed: 'cidr, or at least one label in namespaceLabels or podLabels' };
    report(context, [], undefined, 'names nobody', params);
  }
  const whole = cidr === undefined ? undefined : parseRange(cidr);
  for (const [index, text] of except.entries()) {
    const part = parseRange(text);
    if (part === undefined) continue;
    if (whole !== undefined && coversRange(whole, part) && part.bits > whole.bits) continue;
    report(context, ['except', index], text, 'is not a part of cidr', {
      allowed: `ranges inside of ${cidr ?? 'cidr'}`,
    });
  }
}

const peer = z.strictObject(peerShape).superRefine(checkPeer).readonly();
const rule = z
  .strictObject({ ...peerShape, ports: z.array(port).min(1).readonly().optional() })
  .superRefine(checkPeer)
  .readonly();
const rules = z.array(rule).readonly();
const someRanges = z.array(range).min(1, 'names no range').readonly();

const hostRanges = z
  .strictObject({ nodes: someRanges, pods: someRanges, services: someRanges, api: someRanges.optional() })
  .readonly();

const isolation = z
  .strictObject({
    enforce: z.literal(true).optional(),
    egress: rules.optional(),
    ingress: rules.optional(),
    hostRanges: hostRanges.optional(),
    hostDns: z.array(peer).min(1, 'names nobody').readonly().optional(),
    controlPlane: z.strictObject({ egress: rules.optional(), ingress: rules.optional() }).readonly().optional(),
  })
  .superRefine(({ egress = [], ingress = [], hostRanges: host }, context) => {
    for (const [index, one] of egress.entries()) checkRange(one, host, { context, path: ['egress', index] });
    for (const [index, one] of ingress.entries()) checkIngress(one, host, { context, path: ['ingress', index] });
  })
  .readonly();

interface Place {
  readonly context: z.core.$RefinementCtx;
  readonly path: readonly PropertyKey[];
}

const KINDS = ['nodes', 'pods', 'services'] as const;

/** What tenants' pods reach must leave something once everything is taken out that they must never reach. */
function checkRange({ cidr, except = [] }: Peer, host: KnownRanges | undefined, { context, path }: Place): void {
  const whole = cidr === undefined ? undefined : parseRange(cidr);
  if (whole === undefined) return;
  if (host === undefined) {
    const hint = "tenants' pods must never reach nodes, pods and Services of the host: say which addresses those have";
    report(context, ['hostRanges'], undefined, `is missing, and ${path.join('.')} opens addresses`, {
      allowed: '{ nodes, pods, services }, each with at least one range',
      hint,
    });
    return;
  }
  for (const kind of KINDS) {
    if (host[kind].some((text) => parseRange(text)?.family === whole.family)) continue;
    const family = `IPv${whole.family}`;
    report(context, ['hostRanges', kind], host[kind], `has no ${family} range, and ${path.join('.')} opens ${cidr}`, {
      allowed: `at least one ${family} range`,
      hint: `name the host's ${family} addresses, or leave the ${family} range out`,
    });
  }
  if (isNothingLeft(whole, [...rangesOf(except), ...forbiddenRanges(host)])) {
    const hint = [...NEVER_REACHED, ...KINDS.flatMap((kind) => host[kind])].join(', ');
    report(context, [...path, 'cidr'], cidr, 'lies in what no tenant may ever reach', {
      allowed: 'addresses outside of hostRanges and of link-local and metadata addresses',
      hint: `never reached: ${hint}`,
    });
  }
}

/** Pods of the host come in by label only: a range means what is outside. */
function checkIngress({ cidr, except = [] }: Peer, host: KnownRanges | undefined, { context, path }: Place): void {
  const whole = cidr === undefined ? undefined : parseRange(cidr);
  if (whole === undefined || !isNothingLeft(whole, [...rangesOf(except), ...rangesOf(host?.pods ?? [])])) return;
  report(context, [...path, 'cidr'], cidr, 'has pods of the host only', {
    allowed: 'addresses outside of hostRanges.pods',
    hint: 'let pods in by namespaceLabels and podLabels',
  });
}

function isNothingLeft(whole: AddressRange, except: readonly AddressRange[]): boolean {
  return exceptionsIn(whole, except) === undefined;
}

/** The schema of {@link import('./network').NetworkOptions}. */
export const networkSchema = z.discriminatedUnion('enforce', [
  isolation,
  z.strictObject({ enforce: z.literal(false) }).readonly(),
]);
