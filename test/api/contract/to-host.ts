import { ANNOTATIONS, clusterScopedHostName, hostName, LABELS } from '../../../lib/contract';
import type { ObjectRef, TestObject } from '../support/api';
import type { Pair } from '../support/pair';
import {
  change,
  type Expectation,
  type ExpectedChange,
  type Patch,
  untilEqual,
  untilTold,
  untouched,
} from './expectation';

/** A kind that is copied to the host, as the tests see it. */
export interface KindToHost {
  /** The kind, and its variety where it has some: `Service of type ClusterIP`. */
  readonly name: string;
  readonly pair: () => Pair;
  /** A virtual object. Leave `namespace` out of its metadata when the kind is cluster-scoped. */
  readonly object: (name: string, namespace: string) => TestObject;
  /** What must be there first: the pod that refers to a ConfigMap, the Service of Endpoints. @default nothing */
  readonly companions?: (name: string, namespace: string) => readonly TestObject[];
  /** What the host copy must hold, beside its ownership. A function gets the virtual object. */
  readonly expectHost: Expectation;
  /** What the virtual object shows once the host has taken it over. @default nothing that would have to be waited for */
  readonly settled?: object;
  /** Changes that the tenant makes, one a test. The first is also made while the syncer is down. @default none */
  readonly updates?: readonly ExpectedChange[];
  /** A patch of the host copy, of something in {@link expectHost}, that must be put back. @default no such test */
  readonly stray?: Patch;
  /** Changes on the host that the virtual object must show. @default none */
  readonly fromHost?: readonly ExpectedChange[];
  /** API version and kind on the host. @default those of {@link object} */
  readonly hostKind?: { readonly apiVersion: string; readonly kind: string };
  /** The name on the host, of kinds that are not called as all others. @default `hostName` of the contract */
  readonly hostName?: (name: string, namespace: string, pair: Pair) => string;
  /** Where it lies on the host, if that is not the namespace of the virtual cluster. @default {@link hostName} there */
  readonly hostPlace?: (
    name: string,
    namespace: string,
    pair: Pair,
  ) => { readonly name: string; readonly namespace: string };
  /** What happens when the host copy is deleted. @default 'made anew' */
  readonly onHostDeletion?: 'made anew' | 'the end of the virtual object';
  /** How the tenant hears that the name is taken on the host. @default 'told' by an event */
  readonly whenTaken?: 'told' | 'refused';
  /** Somebody else's object under the translated name. @default {@link object} at that place */
  readonly foreign?: (at: HostPlace) => TestObject;
}

/** Where a copy belongs: all that names an object. */
export interface HostPlace extends ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
}

let contracts = 0;

/** Tests what every kind that is copied to the host promises. */
export function describeKindToHost(kind: KindToHost): void {
  const { pair, onHostDeletion = 'made anew', updates = [], stray, fromHost = [] } = kind;
  contracts += 1;
  const namespace = `contract-${contracts}`;

  const make = async (name: string): Promise<TestObject> => {
    for (const companion of kind.companions?.(name, namespace) ?? []) await pair().virtual.create(companion);
    return pair().virtual.create(kind.object(name, namespace));
  };
  const copied = (virtual: TestObject, expectation: Expectation = kind.expectHost): Promise<TestObject> => {
    const sides = { from: pair().virtual, source: virtual, to: pair().host, copy: hostRef(virtual, kind, pair()) };
    return untilEqual(sides, (source) => owned(source, expectation, pair()), pair());
  };
  const made = async (name: string): Promise<Made> => {
    const virtual = await make(name);
    const host = await copied(virtual);
    const { settled } = kind;
    if (settled === undefined) return { virtual, host };
    const shown = (object: TestObject) => expect(object).toMatchObject(settled);
    return { host, virtual: await pair().virtual.until(virtual, 'to be taken over by the host', shown) };
  };
  const untilBothGone = async ({ virtual, host }: Made): Promise<void> => {
    await pair().virtual.untilGone(virtual);
    await pair().host.untilGone(host);
  };
  const afterHostDeletion = async (lost: Made): Promise<void> => {
    if (onHostDeletion !== 'made anew') return untilBothGone(lost);
    const isNew = ({ metadata }: TestObject): boolean => metadata.uid !== lost.host.metadata.uid;
    await pair().host.until(lost.host, 'to be made anew', isNew);
    await copied(lost.virtual);
  };

  describe(`${kind.name}, copied to the host`, () => {
    beforeAll(() => makeNamespace(pair(), namespace));

    it('is there once the tenant has created it', async () => {
      await made('created');
    });

    if (updates.length > 0) {
      it.each(updates.map((update, index) => ({ ...update, index })))('follows a change of $what', async (update) => {
        const before = await made(`changed-${update.index}`);
        await copied(await change(pair().virtual, before.virtual, update), update.expect);
      });
    }

    if (stray !== undefined) {
      it('is put back when somebody changes it on the host', async () => {
        const { virtual, host } = await made('strayed');
        const strayed = await change(pair().host, host, { patch: stray });
        expect(strayed.metadata.resourceVersion).not.toBe(host.metadata.resourceVersion);
        await copied(virtual);
      });
    }

    if (fromHost.length > 0) {
      it.each(fromHost.map((decision, index) => ({ ...decision, index })))(
        'shows the tenant $what',
        async (decision) => {
          const { virtual, host } = await made(`shown-${decision.index}`);
          await change(pair().host, host, decision);
          const sides = { from: pair().host, source: host, to: pair().virtual, copy: virtual };
          await untilEqual(sides, decision.expect, pair());
        },
      );
    }

    it('goes when the tenant deletes it', async () => {
      const deleted = await made('deleted');
      await pair().virtual.delete(deleted.virtual);
      await untilBothGone(deleted);
    });

    it(`answers its deletion on the host with ${onHostDeletion}`, async () => {
      const lost = await made('lost');
      await pair().host.delete(lost.host);
      await afterHostDeletion(lost);
    });

    it('is equal on both sides after the syncer was killed and both sides have changed', async () => {
      const [changed, deleted, strayed, lost] = [
        await made('down-changed'),
        await made('down-deleted'),
        await made('down-strayed'),
        await made('down-lost'),
      ];
      const [update] = updates;
      await pair().syncer.kill();
      if (update !== undefined) await change(pair().virtual, changed.virtual, update);
      await pair().virtual.delete(deleted.virtual);
      if (stray !== undefined) await change(pair().host, strayed.host, { patch: stray });
      await pair().host.delete(lost.host);
      const born = await make('down-born');
      await pair().syncer.start();

      await copied(changed.virtual, update?.expect);
      await untilBothGone(deleted);
      await copied(strayed.virtual);
      await afterHostDeletion(lost);
      await copied(born);
    });

    it('leaves alone what somebody else has under its name on the host, and tells the tenant', async () => {
      const wanted = kind.object('taken', namespace);
      const at = hostRef(wanted, kind, pair());
      const foreign = await pair().host.create(kind.foreign?.(at) ?? { ...wanted, ...at });
      if (kind.whenTaken === 'refused') {
        await expect(make('taken')).rejects.toThrow(/already uses the name/);
        expect(untouched(await pair().host.get(foreign))).toEqual(untouched(foreign));
        return pair().host.delete(foreign);
      }
      const virtual = await make('taken');
      await untilTold(pair(), virtual, 'NameTaken');
      expect(untouched(await pair().host.get(foreign))).toEqual(untouched(foreign));
      await pair().virtual.delete(virtual);
      await pair().virtual.untilGone(virtual);
      expect(untouched(await pair().host.get(foreign))).toEqual(untouched(foreign));
      await pair().host.delete(foreign);
    });
  });
}

interface Made {
  readonly virtual: TestObject;
  readonly host: TestObject;
}

/** An expectation together with what tells on the host whose copy it is. */
function owned(virtual: TestObject, expectation: Expectation, pair: Pair): object {
  const { name, namespace, uid } = virtual.metadata;
  const expected = typeof expectation === 'function' ? expectation(virtual, pair) : expectation;
  if (namespace === undefined) return { metadata: { annotations: { [ANNOTATIONS.objectUid]: uid } }, ...expected };
  const labels = { [LABELS.managedBy]: pair.name, [LABELS.namespace]: namespace };
  const annotations = {
    [ANNOTATIONS.objectName]: name,
    [ANNOTATIONS.objectNamespace]: namespace,
    [ANNOTATIONS.objectUid]: uid,
  };
  return { metadata: { labels, annotations }, ...expected };
}

function hostRef({ apiVersion = '', kind: type = '', metadata }: ObjectRef, kind: KindToHost, pair: Pair): HostPlace {
  const { name = '', namespace } = metadata;
  return {
    ...(kind.hostKind ?? { apiVersion, kind: type }),
    metadata:
      namespace === undefined
        ? { name: clusterScopedHostName(name, pair.namespace, pair.name) }
        : (kind.hostPlace?.(name, namespace, pair) ?? {
            name: kind.hostName?.(name, namespace, pair) ?? hostName(name, namespace, pair.name),
            namespace: pair.namespace,
          }),
  };
}

/** Makes a virtual namespace in which pods can be created. */
async function makeNamespace({ virtual }: Pair, name: string): Promise<void> {
  await virtual.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } };
  await virtual.until(account, 'to be made by the controllers');
}
