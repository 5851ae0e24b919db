import { type SubletError, toSubletError } from '../../lib/contract';
import { type LinkedSignal, linkSignal, pause } from './abort';
import { ApiError } from './api-error';
import { type Clock, type Random, systemClock } from './clock';
import { claimed, holderOf, type Lease, released } from './lease';
import { type Logger, silentLogger } from './logger';
import { apiVersionOf, RESOURCES } from './resources';
import type { KubeClient } from './types';

/** What an elector takes. All periods in milliseconds; they must be renewEvery < renewDeadline < duration. */
export interface LeaderElectionOptions {
  readonly client: Pick<KubeClient, 'get' | 'create' | 'update'>;
  readonly namespace: string;
  /** Name of the Lease. */
  readonly name: string;
  /**
   * Who we are: the pod's name. At most one process may have it at a time, as it takes a lease in its own name at once:
   * a container that was restarted must not wait for itself.
   */
  readonly identity: string;
  /** The leading work. Its signal aborts when leadership ends; then it must stop writing and return. */
  readonly onStartedLeading: (signal: AbortSignal) => Promise<void>;
  /** Called when leadership has ended, before the leading work is waited for. */
  readonly onStoppedLeading?: () => void;
  /** Sees the lease whenever the server has sent it. */
  readonly onObserved?: (lease: Lease) => void;
  /** Annotations to be set on the lease with each renewal. Those that it has besides stay. */
  readonly annotations?: () => { readonly [key: string]: string };
  /** After that long without a renewal others may take the lease. @default 15000 */
  readonly durationMs?: number;
  /** @default 5000 */
  readonly renewEveryMs?: number;
  /** After that long without a renewal we stop leading: earlier than others may start. @default 10000 */
  readonly renewDeadlineMs?: number;
  /** How often one who does not lead looks. @default 2000 */
  readonly retryEveryMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/** Until one renewal is given up, so that another fits in before the deadline, in milliseconds. */
const ATTEMPT_MS = 3_000;
const RETRY_RENEWAL_MS = 1_000;

/**
 * Takes part in an election until `signal` aborts or the leading work ends of itself: waits for the lease, leads while
 * it can be renewed (one request a renewal), waits again after a loss, and frees it in the end. Expiry is judged by when
 * a change was *seen*, on a clock that does not jump, never by times that others wrote.
 * @throws what the leading work throws, after the lease was freed
 */
export async function runLeaderElection(options: LeaderElectionOptions, signal: AbortSignal): Promise<void> {
  const settings: Settings = {
    durationMs: 15_000,
    renewEveryMs: 5_000,
    renewDeadlineMs: 10_000,
    retryEveryMs: 2_000,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    annotations: () => ({}),
    onObserved: () => undefined,
    onStoppedLeading: () => undefined,
    ...options,
  };
  while (!signal.aborted) {
    const held = await acquire(settings, signal);
    if (held && (await lead(settings, held, signal)) === 'finished') return;
  }
}

type Settings = Required<LeaderElectionOptions>;

/** A lease that is ours since `since`, the time at which the request that got it was begun. */
interface Held {
  readonly lease: Lease;
  readonly since: number;
}

async function acquire(settings: Settings, signal: AbortSignal): Promise<Held | undefined> {
  const { clock, logger, identity, retryEveryMs, random } = settings;
  let seen = { record: '', at: clock.now() };
  while (!signal.aborted) {
    try {
      const lease = await read(settings, signal);
      const record = JSON.stringify(lease.spec);
      if (record !== seen.record) seen = { record, at: clock.now() };
      const holder = holderOf(lease);
      const durationMs = (lease.spec?.leaseDurationSeconds ?? 0) * 1000 || settings.durationMs;
      if (holder === undefined || holder === identity || clock.now() - seen.at >= durationMs) {
        const since = clock.now();
        return { lease: await write(settings, lease, signal, ATTEMPT_MS), since };
      }
    } catch (error) {
      if (!signal.aborted && !isConflict(error)) report(logger, error, 'the lease could not be taken');
    }
    await pause(retryEveryMs * (1 + random() / 5), signal, clock);
  }
  return undefined;
}

async function lead(settings: Settings, held: Held, signal: AbortSignal): Promise<'finished' | 'ended'> {
  const { clock, logger, identity } = settings;
  const term = linkSignal(signal);
  logger.info({ identity }, 'leading');
  let failure: { readonly error: unknown } | undefined;
  const work = settings
    .onStartedLeading(term.signal)
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => term.abort(FINISHED));
  const last = await renewUntilEnd(settings, held, term);
  term.abort('leadership has ended');
  term.unlink();
  logger.info({ identity }, 'leading no longer');
  settings.onStoppedLeading();
  await work;
  if (last && clock.now() - last.since < settings.renewDeadlineMs) await free(settings, last.lease);
  if (failure) throw failure.error;
  return term.signal.reason === FINISHED ? 'finished' : 'ended';
}

/** Renews until the term ends. Returns the lease as we hold it still, or `undefined` when it may be somebody else's. */
async function renewUntilEnd(settings: Settings, held: Held, term: LinkedSignal): Promise<Held | undefined> {
  const { clock, logger, random, renewEveryMs, renewDeadlineMs } = settings;
  let current = held;
  const remainingMs = (): number => current.since + renewDeadlineMs - clock.now();
  const arm = () => clock.after(remainingMs(), () => term.abort(LOST));
  let disarm = arm();
  let waitMs = renewEveryMs * (1 - random() / 5);
  for (;;) {
    await pause(waitMs, term.signal, clock);
    // A process that was stopped wakes up after its deadline, and may find this timer first.
    if (remainingMs() <= 0) term.abort(LOST);
    if (term.signal.aborted) break;
    const since = clock.now();
    const outcome = await renew(settings, current.lease, term.signal, Math.min(ATTEMPT_MS, remainingMs()));
    if (outcome.kind === 'renewed') {
      disarm();
      current = { lease: outcome.lease, since };
      disarm = arm();
      waitMs = renewEveryMs * (1 - random() / 5);
    } else if (outcome.kind === 'changed') {
      current = { ...current, lease: outcome.lease };
      waitMs = 0;
    } else if (outcome.kind === 'taken') term.abort(LOST);
    else {
      if (!term.signal.aborted) report(logger, outcome.error, 'the lease could not be renewed');
      waitMs = RETRY_RENEWAL_MS;
    }
  }
  disarm();
  return term.signal.reason === LOST ? undefined : current;
}

/** Why a term ended that nobody asked to end. */
const LOST = 'the lease was lost';
const FINISHED = 'the leading work has ended';

type Renewal =
  | { readonly kind: 'renewed'; readonly lease: Lease }
  /** It is ours, but somebody edited it: this is how it is now. */
  | { readonly kind: 'changed'; readonly lease: Lease }
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly error: unknown };

async function renew(settings: Settings, lease: Lease, signal: AbortSignal, timeoutMs: number): Promise<Renewal> {
  try {
    return { kind: 'renewed', lease: await write(settings, lease, signal, timeoutMs) };
  } catch (error) {
    if (!isConflict(error)) return { kind: 'failed', error };
  }
  try {
    const found = await read(settings, signal);
    const holder = holderOf(found);
    return holder === undefined || holder === settings.identity ? { kind: 'changed', lease: found } : { kind: 'taken' };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

async function free(settings: Settings, lease: Lease): Promise<void> {
  const write = (held: Lease): Promise<Lease> =>
    settings.client.update(RESOURCES.leases, released(held, settings.clock.date()), { timeoutMs: ATTEMPT_MS });
  try {
    await write(lease).catch(async (error: unknown) => {
      if (!isConflict(error)) throw error;
      // A renewal may have been under way when we were stopped: the server has it, its answer is lost.
      const found = await read(settings);
      if (holderOf(found) === settings.identity) await write(found);
    });
  } catch (error) {
    report(settings.logger, error, 'the lease could not be freed, so a successor waits for its expiry');
  }
}

/** The lease, or one that does not exist yet. */
async function read(settings: Settings, signal?: AbortSignal): Promise<Lease> {
  const { client, namespace, name } = settings;
  const options = { timeoutMs: ATTEMPT_MS, ...(signal && { signal }) };
  const lease = await client.get<Lease>(RESOURCES.leases, namespace, name, options);
  if (lease === undefined) {
    return { apiVersion: apiVersionOf(RESOURCES.leases), kind: RESOURCES.leases.kind, metadata: { namespace, name } };
  }
  settings.onObserved(lease);
  return lease;
}

async function write(settings: Settings, lease: Lease, signal: AbortSignal, timeoutMs: number): Promise<Lease> {
  const { client, namespace, identity, durationMs, clock } = settings;
  const next = claimed(lease, { identity, durationMs, now: clock.date(), annotations: settings.annotations() });
  const exists = lease.metadata.resourceVersion !== undefined;
  const written = exists
    ? await client.update(RESOURCES.leases, next, { signal, timeoutMs })
    : await client.create(RESOURCES.leases, namespace, next, { signal, timeoutMs });
  settings.onObserved(written);
  return written;
}

/** Somebody wrote, made (409) or deleted (404) the lease since it was read. */
function isConflict(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 404);
}

function report(logger: Logger, thrown: unknown, message: string): void {
  const error: SubletError = toSubletError(thrown, 'API_ERROR');
  logger.warn({ code: error.code, reason: error.message }, message);
}
