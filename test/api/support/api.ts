import type { StreamingKubeClient } from '../../../syncer/kube/client';
import type { KubeObject, PatchType, Resource } from '../../../syncer/kube/types';
import { eventually } from '../../support/eventually';

/** An object of any kind as tests read it. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
export type TestObject = KubeObject & { readonly [field: string]: any };

/** What names an object: the object itself, or as much of it. */
export interface ObjectRef {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** One of the two API servers, as its admin, with objects named by what is in them. */
export interface TestApi {
  readonly client: StreamingKubeClient;
  get(ref: ObjectRef): Promise<TestObject | undefined>;
  create(object: TestObject): Promise<TestObject>;
  patch(ref: ObjectRef, patch: object, options?: PatchOptions): Promise<TestObject>;
  /** Deletes an object, if it is there. Pods go at once. */
  delete(ref: ObjectRef): Promise<void>;
  list(resource: Resource, namespace?: string): Promise<readonly TestObject[]>;
  /** Waits until the object is there and `accept` does not throw or return `false` for it. */
  until(ref: ObjectRef, what: string, accept?: (object: TestObject) => unknown): Promise<TestObject>;
  untilGone(ref: ObjectRef): Promise<void>;
}

/** How {@link TestApi.patch} writes. */
export interface PatchOptions {
  readonly subresource?: string;
  /** @default 'application/merge-patch+json' */
  readonly type?: PatchType;
}

/** How often conditions are looked at, in milliseconds. */
export const LOOK_EVERY_MS = 50;
/** How long they may take: the machine may be busy with other tests. */
export const TIMEOUT_MS = 30_000;

/** A {@link TestApi} over a client. */
export function testApi(client: StreamingKubeClient, side: 'virtual' | 'host'): TestApi {
  const place = ({ metadata: { namespace, name = '' } }: ObjectRef) => [namespace, name] as const;
  const api: TestApi = {
    client,
    get: (ref) => client.get<TestObject>(resourceOf(ref), ...place(ref)),
    create: (object) => client.create(resourceOf(object), object.metadata.namespace, object),
    patch: (ref, patch, options) => client.patch<TestObject>(resourceOf(ref), ...place(ref), patch, options),
    async delete(ref) {
      const now = ref.kind === 'Pod' ? { gracePeriodSeconds: 0 } : {};
      await client.delete(resourceOf(ref), ...place(ref), { propagationPolicy: 'Background', ...now });
    },
    async list(resource, namespace) {
      return (await client.list<TestObject>(resource, namespace === undefined ? {} : { namespace })).items;
    },
    until: (ref, what, accept = () => true) =>
      eventually(
        async () => {
          const object = await api.get(ref);
          if (object === undefined) throw new Error('it does not exist');
          return accept(object) === false ? undefined : object;
        },
        { what: `${describeRef(ref)} (${side}) ${what}`, everyMs: LOOK_EVERY_MS, timeoutMs: TIMEOUT_MS },
      ),
    async untilGone(ref) {
      const gone = async (): Promise<boolean> => (await api.get(ref)) === undefined;
      const what = `${describeRef(ref)} (${side}) to be gone`;
      await eventually(gone, { what, everyMs: LOOK_EVERY_MS, timeoutMs: TIMEOUT_MS });
    },
  };
  return api;
}

/** Where objects of a kind are served. Plurals are formed by the common rule; cluster-scoped objects name no namespace. */
export function resourceOf({ apiVersion = '', kind = '', metadata }: ObjectRef): Resource {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const lower = kind.toLowerCase();
  const plural =
    IRREGULAR[lower] ??
    lower
      .replace(/y$/, 'ie')
      .replace(/(s|x|ch)$/, '$1e')
      .concat('s');
  return { group, version, plural, kind, namespaced: metadata.namespace !== undefined };
}

const IRREGULAR: { readonly [kind: string]: string } = { endpoints: 'endpoints', gateway: 'gateways' };

/** An object as error messages name it. */
export function describeRef({ kind, metadata: { namespace, name } }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
