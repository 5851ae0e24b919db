import type { Draft } from './draft';
import { text } from './readers';
import { enabled, group, type Rule, unsupported } from './rules';
import { isEmpty } from './tree';

const FILES = 'name a Secret with the certificates in store.tls: ca.crt, and tls.crt and tls.key for one of its own';

/** The kind of store by the scheme of a connection URL. */
const KINDS: { readonly [scheme: string]: string } = { postgres: 'postgres', postgresql: 'postgres', mysql: 'mysql' };

/** Whether the store of a draft is outside, so that it has no volume, and several pods can share it. */
export function isOutside(draft: Draft): boolean {
  const kind = draft.get(['store', 'kind']);
  return kind !== undefined && kind !== 'sqlite';
}

/** `controlPlane.backingStore.database.external`. The URL itself is repeated nowhere: it holds a password. */
export const externalDatabase: Rule = (value, from, draft) => {
  if (!enabled(value)) return draft.note('default', from, 'is switched off');
  group({
    enabled: (_enabled, path) => draft.note('notNeeded', path, 'store.kind says so'),
    dataSource,
    connector: unsupported('name the Secret with the connection URL in store.connection'),
    identityProvider: unsupported('let the connection URL hold what the database asks for'),
    caFile: unsupported(FILES),
    certFile: unsupported(FILES),
    keyFile: unsupported(FILES),
  })(value, from, draft);
};

const dataSource: Rule = (value, from, draft) => {
  const kind = KINDS[/^(\w+):\/\//.exec(String(value))?.[1] ?? ''];
  if (kind === undefined) {
    draft.note('unsupported', from, 'the connection URL must begin with postgres:// or mysql://');
    return;
  }
  const secretName = `${draft.name}-store`;
  draft.imply(['store'], { kind, connection: { secretName } });
  draft.note(
    'unsupported',
    from,
    `becomes store.connection: put the connection URL into a Secret "${secretName}" of the host namespace, key "endpoint", and point it at an empty database`,
  );
};

/** `controlPlane.backingStore.etcd.external`. */
export const externalEtcd: Rule = (value, from, draft) => {
  if (!enabled(value)) return draft.note('default', from, 'is switched off');
  group({
    enabled: (_enabled, path) => draft.note('notNeeded', path, 'store.kind says so'),
    endpoint: (endpoint, path) => {
      if (isEmpty(endpoint)) return draft.note('unsupported', path, 'the addresses of the members are needed');
      const endpoints = String(text(endpoint)).split(',').map(withScheme);
      draft.imply(['store'], { kind: 'etcd', tls: { secretName: `${draft.name}-etcd` } });
      draft.set(path, ['store', 'endpoints'], endpoints);
    },
    tls: (_tls, path) =>
      draft.note(
        'unsupported',
        path,
        `put the certificates into a Secret "${draft.name}-etcd" of the host namespace: ca.crt, tls.crt, tls.key`,
      ),
  })(value, from, draft);
};

function withScheme(endpoint: string): string {
  return endpoint.includes('://') ? endpoint : `https://${endpoint}`;
}
