import { createKubeClient } from '../../../../syncer/kube/client';
import { createReflector } from '../../../../syncer/kube/reflector';
import type { ReflectorOptions } from '../../../../syncer/kube/reflector-options';
import { RESOURCES } from '../../../../syncer/kube/resources';
import type { CacheChange } from '../../../../syncer/kube/types';
import { FakeApi, type Thing } from './fake-api';
import { until } from './until';

/** A reflector on a fake API, both gone at the end of the block. */
export async function start(
  options: Partial<ReflectorOptions<Thing>> = {},
  prepare: (api: FakeApi) => void = () => undefined,
) {
  const api = await FakeApi.start();
  prepare(api);
  const client = createKubeClient({ server: api.url });
  const stop = new AbortController();
  const reflector = createReflector<Thing>({
    client,
    resource: RESOURCES.configMaps,
    query: {},
    backoff: { baseMs: 1, capMs: 5 },
    ...options,
  });
  const changes: CacheChange<Thing>[] = [];
  reflector.subscribe((change) => changes.push(change));
  const running = reflector.run(stop.signal);
  return {
    api,
    reflector,
    changes,
    stop,
    values: () => Object.fromEntries(reflector.list().map((object) => [object.metadata.name, object.value])),
    caughtUp: () => until(() => reflector.resourceVersion === api.version, 'catching up'),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      client.close();
      await api[Symbol.asyncDispose]();
    },
  };
}
