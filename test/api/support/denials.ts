import { clusterScopedHostName, hostName, shortHostName } from '../../../lib/contract';
import { RESOURCES } from '../../../syncer/kube/resources';
import { eventually } from '../../support/eventually';
import { LOOK_EVERY_MS, type ObjectRef, type TestObject, TIMEOUT_MS } from './api';
import type { Pair } from './pair';

/** Where the host has, or would have, the copy of an object. */
export function copyOf({ apiVersion, kind, metadata: { name = '', namespace } }: TestObject, of: Pair): ObjectRef {
  const nameOf = kind === 'ResourceClaim' ? shortHostName : hostName;
  return {
    ...(apiVersion !== undefined && { apiVersion }),
    ...(kind !== undefined && { kind }),
    metadata:
      namespace === undefined
        ? { name: clusterScopedHostName(name, of.namespace, of.name) }
        : { name: nameOf(name, namespace, of.name), namespace: of.namespace },
  };
}

/** Waits until the tenant is told about an object by an event that names the rule of `isolation` and the field. */
export async function untilDenied(about: TestObject, rule: string, field: string, of: Pair): Promise<void> {
  const { uid, name } = about.metadata;
  const beginning = `Isolation "${rule}": ${field}: `;
  const told = async (): Promise<boolean> => {
    const events = await of.virtual.list(RESOURCES.events, about.metadata.namespace ?? 'default');
    return events.some((event) => event.involvedObject.uid === uid && String(event.message).startsWith(beginning));
  };
  await eventually(told, {
    what: `an event about ${name}: ${beginning}`,
    everyMs: LOOK_EVERY_MS,
    timeoutMs: TIMEOUT_MS,
  });
}

/** Makes an object that must not reach the host, and finds the event about it. */
export async function expectDenied(object: TestObject, rule: string, field: string, of: Pair): Promise<void> {
  const made = await of.virtual.create(object);
  try {
    await untilDenied(made, rule, field, of);
    expect(await of.host.get(copyOf(object, of))).toBeUndefined();
  } finally {
    await of.virtual.delete(object);
    await of.virtual.untilGone(object);
  }
}

/** Makes an object, waits for a copy that looks as expected, and takes both away again. */
export async function expectCopied(object: TestObject, of: Pair, expected: object = {}): Promise<void> {
  await of.virtual.create(object);
  try {
    await of.host.until(copyOf(object, of), 'to be as expected', (copy) => expect(copy).toMatchObject(expected));
  } finally {
    await of.virtual.delete(object);
    await of.host.untilGone(copyOf(object, of));
  }
}

/** Makes objects of one kind in the namespace `default`. */
export function named(apiVersion: string, kind: string) {
  return (name: string, rest: object = {}, annotations: { readonly [key: string]: string } = {}): TestObject => ({
    apiVersion,
    kind,
    metadata: { name, namespace: 'default', annotations },
    ...rest,
  });
}
