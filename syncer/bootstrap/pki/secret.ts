import { clusterNames, controlPlaneLabels, type HostName, PKI_FILES, SubletError } from '../../../lib/contract';
import { ApiError } from '../../kube/api-error';
import type { Logger } from '../../kube/logger';
import { RESOURCES } from '../../kube/resources';
import type { KubeClient, KubeObject, RequestOptions } from '../../kube/types';
import { completePki, type PkiChange } from './complete';
import type { PkiBundle, PkiIdentity, PkiSources } from './types';

/** A Secret as bootstrap reads and writes it: values in base64. */
export interface Secret extends KubeObject {
  readonly type?: string;
  readonly immutable?: boolean;
  readonly data?: { readonly [key: string]: string };
}

/** What loading the PKI needs. */
export interface PkiParts extends PkiSources {
  readonly client: KubeClient;
  readonly identity: PkiIdentity;
  readonly logger: Logger;
  readonly options?: RequestOptions;
}

/** The PKI as the Secret holds it now. */
export interface LoadedPki {
  readonly bundle: PkiBundle;
  /** Further keys of the Secret, as text. */
  readonly extras: { readonly [key: string]: string };
}

/**
 * Reads the PKI from the Secret `<cluster>-certs`, makes and renews what is needed, and writes that back: one write, or
 * none. `findExtras` is asked for further keys, given those that the Secret has; they are stored along with the PKI.
 *
 * Several replicas may start at once: the first to write wins, and the others take what it wrote.
 * @throws SubletError `PKI_INVALID` when what is stored cannot be used and must not be replaced
 */
export async function loadOrCreatePki(
  parts: PkiParts,
  findExtras: (stored: {
    readonly [key: string]: string;
  }) => Promise<{ readonly [key: string]: string }> = async () => ({}),
): Promise<LoadedPki> {
  const { client, identity, options } = parts;
  const name = clusterNames(identity.cluster).certsSecret;
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt++) {
    const secret = await client.get<Secret>(RESOURCES.secrets, identity.hostNamespace, name, options);
    const stored = decode(secret?.data ?? {});
    const extras = await findExtras(stored);
    const { bundle, changes } = completePki(stored, identity, parts);
    const wanted = { ...stored, ...extras, ...bundle };
    const loaded: LoadedPki = { bundle, extras: without(wanted, Object.values(PKI_FILES)) };
    if (secret !== undefined && sameData(stored, wanted)) return loaded;
    if (await write(parts, secret, name, wanted)) {
      report(parts.logger, name, secret === undefined, changes);
      return loaded;
    }
    parts.logger.info({ secret: name, attempt }, 'another replica wrote the PKI first');
  }
  throw new SubletError('API_CONFLICT', `Secret ${name} keeps changing while its certificates are renewed`);
}

/** How often a lost race for the Secret is run again. */
const WRITE_ATTEMPTS = 5;

/** Values of a Secret as text. */
export function decode(data: { readonly [key: string]: string }): { readonly [key: string]: string } {
  return mapValues(data, (value) => Buffer.from(value, 'base64').toString());
}

/** Text as values of a Secret. */
export function encode(texts: { readonly [key: string]: string }): { readonly [key: string]: string } {
  return mapValues(texts, (value) => Buffer.from(value).toString('base64'));
}

/** `false`: somebody else created or changed the Secret in between. */
async function write(
  { client, identity, options }: PkiParts,
  existing: Secret | undefined,
  name: HostName,
  texts: { readonly [key: string]: string },
): Promise<boolean> {
  const data = encode(texts);
  try {
    if (existing === undefined) {
      await client.create<Secret>(RESOURCES.secrets, identity.hostNamespace, newSecret(name, identity, data), options);
    } else await client.update<Secret>(RESOURCES.secrets, { ...existing, data }, options);
    return true;
  } catch (error) {
    // 404: deleted in between, which the next attempt sees.
    if (error instanceof ApiError && (error.status === 409 || error.isMissingObject('secrets', name))) return false;
    throw error;
  }
}

function newSecret(name: HostName, { cluster, hostNamespace }: PkiIdentity, data: Secret['data'] & object): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: hostNamespace, labels: controlPlaneLabels(cluster) },
    type: 'Opaque',
    data,
  };
}

function report(logger: Logger, secret: string, created: boolean, changes: readonly PkiChange[]): void {
  if (created) logger.info({ secret }, 'made the PKI');
  else for (const { file, reason } of changes) logger.info({ secret, file, reason }, 'made a file of the PKI anew');
}

function sameData(left: { readonly [key: string]: string }, right: { readonly [key: string]: string }): boolean {
  const keys = Object.keys(right);
  return keys.length === Object.keys(left).length && keys.every((key) => left[key] === right[key]);
}

function without(texts: { readonly [key: string]: string }, keys: readonly string[]): { [key: string]: string } {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !keys.includes(key)));
}

function mapValues(
  record: { readonly [key: string]: string },
  map: (value: string) => string,
): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
