import type { AuditEvent } from '../../support/audit/events';
import { grantsOf } from '../../support/audit/grants';
import { reportRights } from '../../support/audit/rights';
import { complaints } from '../../support/audit/unused-rights';

const RBAC = 'rbac.authorization.k8s.io';
const RED = 'system:serviceaccount:vcluster-red:vc-red';

let ids = 0;
const event = (more: Partial<AuditEvent>): AuditEvent => ({
  auditID: String(ids++),
  verb: 'create',
  requestURI: '/',
  requestReceivedTimestamp: '2026-01-01T00:00:00.000Z',
  user: { username: 'admin' },
  responseStatus: { code: 201 },
  ...more,
});

/** What the log says of a role or binding that somebody wrote. */
function written(
  object: { readonly kind: string; readonly metadata: object; readonly [field: string]: unknown },
  uri = '/',
) {
  const resource = `${object.kind.toLowerCase()}s`;
  return event({ requestURI: uri, objectRef: { apiGroup: RBAC, resource }, responseObject: object });
}

const labels = { app: 'vcluster', release: 'red' };
const subjects = [{ kind: 'ServiceAccount', name: 'vc-red', namespace: 'vcluster-red' }];

function role(rules: readonly object[], namespace?: string): readonly AuditEvent[] {
  const prefix = namespace === undefined ? 'Cluster' : '';
  const metadata = { name: 'vc-red', namespace, labels };
  return [
    written({ kind: `${prefix}Role`, metadata, rules }),
    written({
      kind: `${prefix}RoleBinding`,
      metadata,
      roleRef: { kind: `${prefix}Role`, name: 'vc-red' },
      subjects,
    }),
  ];
}

const rule = (resource: string, verbs: readonly string[], resourceNames?: readonly string[]) => ({
  apiGroups: [''],
  resources: [resource],
  verbs,
  ...(resourceNames && { resourceNames }),
});

/** A request of the syncer. */
function asked(
  verb: string,
  resource: string,
  more: Partial<NonNullable<AuditEvent['objectRef']>> = {},
  decision = 'allow',
) {
  return event({
    verb,
    user: { username: RED },
    objectRef: { resource, ...more },
    annotations: { 'authorization.k8s.io/decision': decision },
  });
}

const own = { namespace: 'vcluster-red' };
const report = (...events: readonly AuditEvent[]) => reportRights(events, grantsOf(events));

describe('the rights of syncers by the audit log', () => {
  it('are unused where no syncer asked for them', () => {
    const { used, unused, refused } = report(
      ...role([rule('pods', ['get', 'watch']), rule('pods/log', ['get'])], 'vcluster-red'),
      asked('watch', 'pods', own),
      asked('get', 'pods', { ...own, subresource: 'log', name: 'web' }),
    );
    expect([...used]).toEqual(['watch pods in its own namespaces', 'get pods/log in its own namespaces']);
    expect(unused).toEqual(['get pods in its own namespaces']);
    expect(refused).toEqual([]);
  });

  it('are told apart by place: what a Role allows needs no ClusterRole', () => {
    const elsewhere = (...asked: readonly AuditEvent[]) =>
      report(...role([rule('pods', ['get'])], 'shop'), ...role([rule('pods', ['get'])]), ...asked).unused;
    expect(elsewhere(asked('get', 'pods', { namespace: 'shop' }))).toEqual(['get pods in the whole cluster']);
    expect(elsewhere(asked('get', 'pods', { namespace: 'b' }))).toEqual(['get pods in a named namespace']);
  });

  it('are one where host namespaces of its own are many', () => {
    const both = [...role([rule('pods', ['get'])], 'vcluster-red'), ...role([rule('pods', ['get'])])];
    expect(report(...both, asked('get', 'pods', { namespace: 'b' })).used).toEqual(
      new Set(['get pods in its own namespaces']),
    );
  });

  it('are told apart by whether they are for given names', () => {
    const { used, unused } = report(
      ...role([rule('secrets', ['get', 'list'], ['a', 'b']), rule('secrets', ['get'])], 'shop'),
      asked('list', 'secrets', { namespace: 'shop', name: 'a' }),
      asked('get', 'secrets', { namespace: 'shop', name: 'c' }),
    );
    expect([...used]).toEqual(['list secrets by name in a named namespace', 'get secrets in a named namespace']);
    expect(unused).toEqual(['get secrets by name in a named namespace']);
  });

  it('are missing where a request was forbidden, and not where it failed for another reason', () => {
    const { refused } = report(
      ...role([rule('pods', ['create'])], 'vcluster-red'),
      asked('list', 'nodes', {}, 'forbid'),
      { ...asked('create', 'pods', own), responseStatus: { code: 403 } },
    );
    expect(refused).toEqual([{ account: 'vc-red', request: 'list nodes' }]);
  });

  it('are not missing where the API server had not seen the role yet', () => {
    expect(
      report(...role([rule('pods', ['get'])], 'shop'), asked('get', 'pods', { namespace: 'shop' }, 'forbid')).refused,
    ).toEqual([]);
  });

  it('are of no concern where the cluster was only tried or declared', () => {
    const dry = role([rule('pods', ['get'])], 'vcluster-red').map((one) => ({ ...one, requestURI: '/?dryRun=All' }));
    expect(report(...dry, asked('get', 'pods', own)).used.size).toBe(0);
    expect(report(...role([rule('pods', ['get'])], 'vcluster-red')).unused).toEqual([]);
  });
});

describe('a run is complained of', () => {
  const seen = { refused: [], used: new Set(['get a']), unused: ['get b'] };

  it('for each right that nobody used and that no reason is given for', () => {
    expect(complaints(seen, 'all rights are used', {}, {})).toEqual(['unused: get b']);
    expect(complaints(seen, 'all rights are used', { 'get b': 'for once' }, {})).toEqual([]);
    expect(complaints(seen, 'no right is missing', {}, {})).toEqual([]);
  });

  it('for each reason that has become wrong', () => {
    const known = { 'get a': 'never', 'get b': 'for once', 'get c': 'long ago' };
    expect(complaints(seen, 'all rights are used', known, { 'list d': 'perhaps' })).toEqual([
      'used after all, take it off the list: get a',
      'granted to nobody, take it off the list: get c',
      'refused to nobody, take it off the list: list d',
    ]);
  });

  it('for each request that was forbidden and is not known to be', () => {
    const refused = { ...seen, refused: ['list d', 'list e'].map((request) => ({ account: 'vc-red', request })) };
    expect(complaints(refused, 'no right is missing', {}, { 'list d': 'perhaps' })).toEqual([
      'missing: vc-red: list e',
    ]);
  });
});
