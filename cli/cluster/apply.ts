import { setTimeout as sleep } from 'node:timers/promises';
import { SubletError } from '../../lib/contract';
import type { Api } from '../kube/api';
import { KubeApiError } from '../kube/api-error';
import type { ResourceFinder } from '../kube/discovery';
import { applyObject, deleteObject, getObject } from '../kube/objects';
import { describeObject, type KubeObject, type Resource } from '../kube/types';
import { refusal } from './preflight';

const ROLLBACK_TIMEOUT_MS = 60_000;

/** What is applied, and how. */
export interface ApplyOptions {
  readonly api: Api;
  readonly findResource: ResourceFinder;
  /** In the order in which they are applied. */
  readonly objects: readonly KubeObject[];
  /** Take over fields that another manager set: only for what is ours already. @default false */
  readonly force?: boolean;
  readonly signal: AbortSignal;
  readonly onObject?: (object: KubeObject, index: number) => void;
  /** Told before the undoing starts. */
  readonly onRollback?: (created: number) => void;
}

interface Created {
  readonly resource: Resource;
  readonly object: KubeObject;
}

/**
 * Applies objects in order. When one fails, or `signal` aborts, everything that this call created is removed again, so
 * that nothing half-made stays; what existed before is left as it is.
 * @returns how many were created
 * @throws SubletError why it stopped, and in its hint what could not be removed
 */
export async function applyAll(options: ApplyOptions): Promise<number> {
  const { api, findResource, objects, signal } = options;
  const created: Created[] = [];
  for (const [index, object] of objects.entries()) {
    try {
      // Between writes, never during one: of a request that was cut off nobody knows whether it took effect.
      if (signal.aborted) throw new SubletError('INTERRUPTED', 'stopped before everything was applied');
      options.onObject?.(object, index);
      const resource = await findResource(object);
      const result = await applyObject(api, resource, object, { force: options.force ?? false });
      if (result.created) created.push({ resource, object: result.object });
    } catch (error) {
      options.onRollback?.(created.length);
      const remaining = await rollBack(api, created);
      throw failure(error, object, remaining);
    }
  }
  return created.length;
}

async function rollBack(api: Api, created: readonly Created[]): Promise<readonly KubeObject[]> {
  const deadline = AbortSignal.timeout(ROLLBACK_TIMEOUT_MS);
  const remaining: KubeObject[] = [];
  for (const { resource, object } of [...created].reverse()) {
    const { namespace, name = '', uid } = object.metadata ?? {};
    try {
      const only = uid === undefined ? {} : { uid };
      await deleteObject(api, resource, namespace, name, {
        signal: deadline,
        propagationPolicy: 'Foreground',
        ...only,
      });
      while ((await getObject(api, resource, namespace, name, { signal: deadline }))?.metadata?.uid === uid) {
        await sleep(100, undefined, { signal: deadline });
      }
    } catch {
      remaining.push(object);
    }
  }
  return remaining;
}

function failure(error: unknown, object: KubeObject, remaining: readonly KubeObject[]): unknown {
  const translated =
    error instanceof KubeApiError ? refusal(object, error, { namespace: object.metadata?.namespace ?? '' }) : error;
  if (!(translated instanceof SubletError)) return translated;
  const rest = remaining.map((entry) => describeObject(entry)).join(', ');
  const undone = rest === '' ? 'nothing of it was kept' : `these could not be removed again: ${rest}`;
  const hint = translated.hint === undefined ? undone : `${translated.hint}\n${undone}`;
  return new SubletError(translated.code, translated.message, { cause: translated.cause ?? error, hint });
}
