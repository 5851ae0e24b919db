import type { EnvVar, VolumeMount } from 'kubernetes-types/core/v1';
import { FILES, STORE_TLS_FILES } from '../../contract';
import type { ResolvedDatabaseStore } from '../../spec';
import { MOUNTS } from '../volumes';

/** What a container of kine needs to reach a store. */
export interface StoreAccess {
  readonly args: readonly string[];
  readonly env: EnvVar[];
  readonly volumeMounts: readonly VolumeMount[];
}

/**
 * How kine reaches a database. Its password is in the connection URL, which kine takes from its environment and a
 * kubelet from the Secret: it stands in no argument and in no object but the Secret.
 */
export function databaseAccess({ connection: { secretName, key }, tls }: ResolvedDatabaseStore): StoreAccess {
  const file = (name: string): string => `${FILES.storeTlsDir}/${name}`;
  return {
    args: [
      ...POOL,
      // What another pod wrote is seen by the next look: a second, kine's own default, is long for who waits for it.
      '--datastore-poll-interval=250ms',
      ...(tls === undefined ? [] : [`--ca-file=${file(STORE_TLS_FILES.authority)}`]),
      ...(tls?.clientCertificate
        ? [`--cert-file=${file(STORE_TLS_FILES.cert)}`, `--key-file=${file(STORE_TLS_FILES.key)}`]
        : []),
    ],
    env: [{ name: 'KINE_ENDPOINT', valueFrom: { secretKeyRef: { name: secretName, key } } }],
    volumeMounts: tls === undefined ? [] : [MOUNTS.storeTls],
  };
}

/** A database allows so many connections in all, PostgreSQL 100 by default, and clusters share it. */
const POOL = ['--datastore-max-open-connections=10', '--datastore-max-idle-connections=4'];
