import type { AuditEvent } from './events';
import type { Grant, Grants } from './grants';

/** What a host's audit log says about the rights of the syncers that ran on it. */
export interface RightsReport {
  /** Requests that lacked a right. */
  readonly refused: readonly RefusedRequest[];
  /** Rights that at least one syncer used. */
  readonly used: ReadonlySet<string>;
  /** Rights that syncers had and none of them used. */
  readonly unused: readonly string[];
}

/** A request that no role allowed. */
export interface RefusedRequest {
  /** The syncer's service account. */
  readonly account: string;
  /** `create ingresses.networking.k8s.io web in shop` */
  readonly request: string;
}

const DECISION = 'authorization.k8s.io/decision';

/** Compares what syncers asked for with what they may. */
export function reportRights(events: readonly AuditEvent[], grants: Grants): RightsReport {
  const granted = new Set<string>();
  const used = new Set<string>();
  const refused = new Map<string, RefusedRequest>();
  const byUser = Map.groupBy(events, ({ user }) => user.username);
  for (const [user, held] of grants) {
    const asked = byUser.get(user) ?? [];
    // Roles of a virtual cluster that was only declared say nothing about what a syncer needs.
    if (asked.length === 0) continue;
    const [, , own = '', account = ''] = user.split(':');
    const textOf = textIn(own, held);
    for (const grant of held) granted.add(textOf(grant));
    for (const event of asked) {
      const allowing = coveredBy(event, held);
      for (const grant of allowing) used.add(textOf(grant));
      // What was granted a moment ago may be forbidden until the API server has seen the role.
      if (event.annotations?.[DECISION] !== 'forbid' || allowing.length > 0) continue;
      const request = requestText(event);
      refused.set(`${account}: ${request}`, { account, request });
    }
  }
  const unused = [...granted].filter((right) => !used.has(right)).sort();
  return { refused: [...refused.values()], used, unused };
}

/** The grants that allow a request: those of its namespace, and only where there are none, those for the whole cluster. */
function coveredBy({ verb, objectRef }: AuditEvent, held: readonly Grant[]): readonly Grant[] {
  if (objectRef === undefined) return [];
  const { apiGroup: group = '', namespace, name } = objectRef;
  const resource = resourceOf(objectRef);
  const fitting = held.filter(
    (grant) =>
      grant.verb === verb &&
      grant.group === group &&
      grant.resource === resource &&
      (grant.name === undefined || grant.name === name),
  );
  const near = fitting.filter((grant) => grant.namespace !== undefined && grant.namespace === namespace);
  return near.length > 0 ? near : fitting.filter((grant) => grant.namespace === undefined);
}

/**
 * A right in words: `watch secrets in its own namespace`. Which names and further namespaces it is for differs from test
 * to test, and so does the custom kind. What a syncer may do in its own namespace and everywhere is one right: virtual
 * namespaces then have host namespaces of their own.
 */
function textIn(own: string, held: readonly Grant[]): (grant: Grant) => string {
  const inOwn = new Set(held.filter(({ namespace }) => namespace === own).map(idOf));
  return (grant) => {
    const what = `${grant.verb} ${rightText(grant)}${grant.name === undefined ? '' : ' by name'}`;
    if (grant.namespace === own || inOwn.has(idOf(grant))) return `${what} in its own namespaces`;
    return `${what} ${grant.namespace === undefined ? 'in the whole cluster' : 'in a named namespace'}`;
  };
}

const idOf = ({ verb, group, resource, name }: Grant): string => JSON.stringify([verb, group, resource, name]);

/** The group of kinds that tests define. */
const MADE_UP = /(^|\.)example\.(com|org)$/;

function rightText({ group, resource }: Grant): string {
  return MADE_UP.test(group) ? 'custom kinds' : kindText(group, resource);
}

function requestText({ verb, objectRef, requestURI }: AuditEvent): string {
  if (objectRef === undefined) return `${verb} ${requestURI.split('?', 1)[0]}`;
  const { apiGroup = '', namespace, name } = objectRef;
  const place = namespace === undefined ? '' : ` in ${namespace}`;
  return `${verb} ${kindText(apiGroup, resourceOf(objectRef))}${name === undefined ? '' : ` ${name}`}${place}`;
}

function kindText(group: string, resource: string): string {
  const [plural, subresource] = resource.split('/');
  return `${plural}${group && `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}

function resourceOf({
  resource,
  subresource,
}: {
  readonly resource: string;
  readonly subresource?: string | undefined;
}) {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}
