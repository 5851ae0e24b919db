import { pick } from '../../engine/pick';
import type { HostRefs } from './host-refs';
import type { BackendRef, RouteFilter, RouteRule } from './types';

/** What a kind of route has in its rules. */
export interface RouteFields {
  /** Fields of a rule that refer to nothing. */
  readonly plain: readonly string[];
  /** Whether rules and backends have filters. */
  readonly filters: boolean;
}

/** Filters that refer to nothing, by the field that holds what they do. */
const PLAIN_FILTERS: { readonly [type: string]: string } = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  CORS: 'cors',
};

/**
 * The host's rule for a virtual one. A filter that can't cross must not be skipped, as it may be what protects the
 * backend: the requests of such a rule fail, as the Gateway API demands.
 */
export function hostRule(rule: RouteRule, of: RouteFields, refs: HostRefs, field: string): RouteRule {
  const plain = Object.fromEntries(of.plain.flatMap((key) => (rule[key] === undefined ? [] : [[key, rule[key]]])));
  const backendRefs = (rule.backendRefs ?? []).map((ref, index) =>
    hostBackend(ref, of, refs, `${field}.backendRefs[${index}]`),
  );
  const filters = of.filters ? hostFilters(rule.filters, refs, `${field}.filters`) : undefined;
  if (filters === 'blocked') return { ...plain, backendRefs: [{ ...NOWHERE, name: refs.nowhere }] };
  return {
    ...plain,
    ...(filters && { filters }),
    ...(rule.backendRefs && { backendRefs }),
  };
}

const NOWHERE = { group: '', kind: 'Service', port: 1 } as const;

function hostBackend(ref: BackendRef, of: RouteFields, refs: HostRefs, field: string): BackendRef {
  const filters = of.filters ? hostFilters(ref.filters, refs, `${field}.filters`) : undefined;
  const target = filters === 'blocked' ? { ...NOWHERE, name: refs.nowhere } : refs.core(ref, 'Service', field);
  return {
    ...pick(ref, ['weight', 'port']),
    ...target,
    ...(filters && filters !== 'blocked' && { filters }),
  };
}

function hostFilters(
  filters: readonly RouteFilter[] | undefined,
  refs: HostRefs,
  field: string,
): readonly RouteFilter[] | 'blocked' | undefined {
  if (filters === undefined) return undefined;
  const translated = filters.map((filter, index) => hostFilter(filter, refs, `${field}[${index}]`));
  const kept = translated.filter((one) => one !== undefined);
  return kept.length < filters.length ? 'blocked' : kept;
}

function hostFilter(filter: RouteFilter, refs: HostRefs, field: string): RouteFilter | undefined {
  const { type, requestMirror } = filter;
  if (type === 'RequestMirror' && requestMirror !== undefined) {
    const { backendRef } = requestMirror;
    const target = refs.core(backendRef, 'Service', `${field}.requestMirror.backendRef`);
    return {
      type,
      requestMirror: {
        ...pick(requestMirror, ['percent', 'fraction']),
        backendRef: { ...pick(backendRef, ['port']), ...target },
      },
    };
  }
  const does = PLAIN_FILTERS[type];
  if (does !== undefined) return { type, ...(filter[does] !== undefined && { [does]: filter[does] }) };
  refs.refuse('UnsupportedReference', `${field}.type: a filter of type ${type} can't be used here.`);
  return undefined;
}
