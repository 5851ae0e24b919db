import { ANNOTATIONS, LABELS } from '../../../lib/contract';
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

/** A kind of the host that is shown in the virtual cluster, as the tests see it. */
export interface KindToVirtual {
  readonly name: string;
  readonly pair: () => Pair;
  /** An object of the host that the configuration selects. All pairs share the host: `name` is this pair's alone. */
  readonly object: (name: string, pair: Pair) => TestObject;
  /** Where the virtual cluster shows it. @default the same kind and name, without a namespace */
  readonly shownAs?: (host: ObjectRef, pair: Pair) => ObjectRef;
  /** What the virtual object must hold, beside its mark. A function gets the host's object. */
  readonly expectVirtual: Expectation;
  /** Changes on the host, one a test. The first is also made while the syncer is down. @default none */
  readonly updates?: readonly ExpectedChange[];
  /** A patch of the virtual object that must be put back. @default no such test */
  readonly stray?: Patch;
  /** A patch of the host's object after which the configuration no longer selects it. @default no such test */
  readonly deselect?: Patch;
}

/** Tests what every kind that is shown in the virtual cluster promises. */
export function describeKindToVirtual(kind: KindToVirtual): void {
  const { pair, updates = [], stray, deselect } = kind;
  const onHost: TestObject[] = [];

  const shownRef = (host: ObjectRef): ObjectRef => kind.shownAs?.(host, pair()) ?? sameName(host);
  const make = async (name: string): Promise<TestObject> => {
    const host = await pair().host.create(kind.object(`${pair().name}-${name}`, pair()));
    onHost.push(host);
    return host;
  };
  const shown = (host: TestObject, expectation: Expectation = kind.expectVirtual): Promise<TestObject> => {
    const sides = { from: pair().host, source: host, to: pair().virtual, copy: shownRef(host) };
    return untilEqual(sides, (source) => marked(source, expectation, pair()), pair());
  };
  const made = async (name: string): Promise<Made> => {
    const host = await make(name);
    return { host, virtual: await shown(host) };
  };
  const untilShownAnew = async ({ host, virtual }: Made): Promise<void> => {
    await pair().virtual.until(virtual, 'to be shown anew', ({ metadata }) => metadata.uid !== virtual.metadata.uid);
    await shown(host);
  };

  describe(`${kind.name}, shown in the virtual cluster`, () => {
    afterAll(async () => {
      await Promise.all(onHost.map((object) => pair().host.delete(object)));
      await Promise.all(onHost.map((object) => pair().virtual.untilGone(shownRef(object))));
    });

    it('is there once the host has it', async () => {
      await made('created');
    });

    if (updates.length > 0) {
      it.each(updates.map((update, index) => ({ ...update, index })))('follows a change of $what', async (update) => {
        const { host } = await made(`changed-${update.index}`);
        await change(pair().host, host, update);
        await shown(host, update.expect);
      });
    }

    if (stray !== undefined) {
      it('is put back when the tenant changes it', async () => {
        const { host, virtual } = await made('strayed');
        const strayed = await change(pair().virtual, virtual, { patch: stray });
        expect(strayed.metadata.resourceVersion).not.toBe(virtual.metadata.resourceVersion);
        await shown(host);
      });
    }

    if (deselect !== undefined) {
      it('goes when the host object is no longer selected', async () => {
        const { host, virtual } = await made('deselected');
        await change(pair().host, host, { patch: deselect });
        await pair().virtual.untilGone(virtual);
      });
    }

    it('comes again when the tenant deletes it', async () => {
      const lost = await made('lost');
      await pair().virtual.delete(lost.virtual);
      await untilShownAnew(lost);
    });

    it('goes when the host object is deleted', async () => {
      const { host, virtual } = await made('deleted');
      await pair().host.delete(host);
      await pair().virtual.untilGone(virtual);
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
      if (update !== undefined) await change(pair().host, changed.host, update);
      await pair().host.delete(deleted.host);
      if (stray !== undefined) await change(pair().virtual, strayed.virtual, { patch: stray });
      await pair().virtual.delete(lost.virtual);
      const born = await make('down-born');
      await pair().syncer.start();

      await shown(changed.host, update?.expect);
      await pair().virtual.untilGone(deleted.virtual);
      await shown(strayed.host);
      await untilShownAnew(lost);
      await shown(born);
    });

    it('leaves alone what the tenant has under its name, and says so', async () => {
      const wanted = kind.object(`${pair().name}-taken`, pair());
      const tenants = await pair().virtual.create({ ...wanted, ...shownRef(wanted) });
      const host = await make('taken');
      await untilTold(pair(), tenants, 'NameTaken');
      expect(untouched(await pair().virtual.get(tenants))).toEqual(untouched(tenants));
      await pair().host.delete(host);
      await pair().host.untilGone(host);
      expect(untouched(await pair().virtual.get(tenants))).toEqual(untouched(tenants));
      await pair().virtual.delete(tenants);
    });
  });
}

interface Made {
  readonly host: TestObject;
  readonly virtual: TestObject;
}

/** An expectation together with the mark of what is shown. */
function marked(host: TestObject, expectation: Expectation, pair: Pair): object {
  const expected = typeof expectation === 'function' ? expectation(host, pair) : expectation;
  const labels = { [LABELS.imported]: 'true' };
  const annotations = { [ANNOTATIONS.importedUid]: host.metadata.uid };
  return { metadata: { labels, annotations }, ...expected };
}

function sameName({ apiVersion = '', kind = '', metadata: { name = '' } }: ObjectRef): ObjectRef {
  return { apiVersion, kind, metadata: { name } };
}
