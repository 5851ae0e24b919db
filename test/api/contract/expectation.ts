import { RESOURCES } from '../../../syncer/kube/resources';
import type { PatchType } from '../../../syncer/kube/types';
import { eventually } from '../../support/eventually';
import { describeRef, LOOK_EVERY_MS, type ObjectRef, type TestApi, type TestObject, TIMEOUT_MS } from '../support/api';
import type { Pair } from '../support/pair';

/** What an object must hold at least (as `toMatchObject`), given as it is or made from the object on the other side. */
export type Expectation = object | ((source: TestObject, pair: Pair) => object);

/** A change to an object, and what comes of it on the other side. */
export interface ExpectedChange {
  /** What is changed, in words that finish "a change of …". */
  readonly what: string;
  readonly patch: Patch;
  readonly expect: Expectation;
  /** @default none: the object itself is patched */
  readonly subresource?: string;
  /** @default 'application/merge-patch+json' */
  readonly type?: PatchType;
}

/** A patch, given as it is or made from the object that it changes. */
export type Patch = object | ((object: TestObject) => object);

/** Makes an {@link ExpectedChange}, or a bare {@link Patch}, to an object. */
export function change(
  api: TestApi,
  object: TestObject,
  { patch, subresource, type }: Omit<ExpectedChange, 'what' | 'expect'>,
): Promise<TestObject> {
  return api.patch(object, typeof patch === 'function' ? patch(object) : patch, {
    ...(subresource === undefined ? {} : { subresource }),
    ...(type === undefined ? {} : { type }),
  });
}

/** Both sides of one object: the one that is copied, and where its copy belongs. */
export interface Copy {
  readonly from: TestApi;
  readonly source: ObjectRef;
  readonly to: TestApi;
  readonly copy: ObjectRef;
}

/** Waits until a copy is what it shall be, given its source as it is by then. */
export async function untilEqual(
  { from, source, to, copy }: Copy,
  expectation: Expectation,
  pair: Pair,
): Promise<TestObject> {
  const equal = async (): Promise<TestObject> => {
    const [original, found] = await Promise.all([from.get(source), to.get(copy)]);
    if (original === undefined) throw new Error('there is nothing to be copied');
    if (found === undefined) throw new Error('there is no copy');
    expect(found).toMatchObject(typeof expectation === 'function' ? expectation(original, pair) : expectation);
    return found;
  };
  return eventually(equal, { what: `a copy of ${describeRef(source)}`, everyMs: LOOK_EVERY_MS, timeoutMs: TIMEOUT_MS });
}

/** Waits until the tenant has been told about one of its objects, by an event with this reason. */
export async function untilTold(pair: Pair, about: TestObject, reason: string): Promise<void> {
  const { name, namespace = 'default', uid } = about.metadata;
  const told = async (): Promise<boolean> => {
    const events = await pair.virtual.list(RESOURCES.events, namespace);
    return events.some((event) => event.reason === reason && event.involvedObject.uid === uid);
  };
  await eventually(told, { what: `an event ${reason} about ${name}`, everyMs: LOOK_EVERY_MS, timeoutMs: TIMEOUT_MS });
}

/** What makes two objects the same as before: everything but what the API server and controllers count up. */
export function untouched(object: TestObject | undefined): object | undefined {
  if (object === undefined) return undefined;
  const { uid, labels, annotations, ownerReferences, finalizers } = object.metadata;
  const { spec, data, subsets, endpoints } = object;
  return { uid, labels, annotations, ownerReferences, finalizers, spec, data, subsets, endpoints };
}
