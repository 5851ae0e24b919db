import type { RightsReport } from './rights';

/** Reasons, by what they are for. */
type Reasons = { readonly [what: string]: string };

const NEEDS_A_KUBELET = 'takes a kubelet: test/node/kubelet-api.test.ts';
const NEEDS_METRICS = 'takes a metrics API on the host: test/node/metrics.test.ts';

const PUTS_BACK =
  'somebody must change what keeps pods in, in a host namespace of a virtual one: test/attacks/network.test.ts';

/** Rights that no test of the project `api` uses, and why a syncer has them all the same. */
export const UNUSED_RIGHTS: Reasons = {
  'get pods/log in its own namespaces': NEEDS_A_KUBELET,
  'get pods/exec in its own namespaces': NEEDS_A_KUBELET,
  'create pods/exec in its own namespaces': NEEDS_A_KUBELET,
  'get pods/attach in its own namespaces': NEEDS_A_KUBELET,
  'create pods/attach in its own namespaces': NEEDS_A_KUBELET,
  'get pods/portforward in its own namespaces': NEEDS_A_KUBELET,
  'create pods/portforward in its own namespaces': NEEDS_A_KUBELET,
  'list pods.metrics.k8s.io in its own namespaces': NEEDS_METRICS,
  'list nodes.metrics.k8s.io in the whole cluster': NEEDS_METRICS,
  'get networkpolicies.networking.k8s.io in the whole cluster': PUTS_BACK,
  'delete networkpolicies.networking.k8s.io in the whole cluster': PUTS_BACK,
  'list events in its own namespaces': 'API servers that stream no lists (Kubernetes before 1.34) are asked for pages',
};

/** Requests that syncers try though nobody may have given them the right, and what follows from the refusal. */
export const TRIED_WITHOUT_RIGHT: Reasons = {
  'list servicecidrs.networking.k8s.io':
    'where roles of the host allow it, the range of Services is read; where not, a dry run tells it',
};

/** What is wrong with the rights of a run, a line each. */
export function complaints(
  { refused, used, unused }: RightsReport,
  expected: 'no right is missing' | 'all rights are used',
  known: Reasons = UNUSED_RIGHTS,
  tried: Reasons = TRIED_WITHOUT_RIGHT,
): readonly string[] {
  const missing = refused
    .filter(({ request }) => !Object.hasOwn(tried, request))
    .map(({ account, request }) => `missing: ${account}: ${request}`);
  if (expected === 'no right is missing') return missing;
  const held = new Set([...used, ...unused]);
  return [
    ...missing,
    ...unused.filter((right) => !Object.hasOwn(known, right)).map((right) => `unused: ${right}`),
    ...Object.keys(known).flatMap((right) => {
      if (used.has(right)) return [`used after all, take it off the list: ${right}`];
      return held.has(right) ? [] : [`granted to nobody, take it off the list: ${right}`];
    }),
    ...Object.keys(tried)
      .filter((known) => !refused.some(({ request }) => request === known))
      .map((request) => `refused to nobody, take it off the list: ${request}`),
  ];
}
