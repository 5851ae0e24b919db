import type { StreamingKubeClient } from '../../syncer/kube/client';
import type { KubeObject, Resource, WatchEvent } from '../../syncer/kube/types';

/** A watch that is open. */
export interface OpenWatch {
  /** @throws what the watch broke of, if it did */
  stop(): Promise<void>;
}

/** Calls `onEvent` with all that happens from now on to one kind in one namespace. The watch is open when this returns. */
export async function openWatch<T extends KubeObject>(
  client: StreamingKubeClient,
  resource: Resource,
  namespace: string,
  onEvent: (event: WatchEvent<T>) => void,
): Promise<OpenWatch> {
  const stop = new AbortController();
  const opened = Promise.withResolvers<void>();
  let { resourceVersion } = await client.list(resource, { namespace, metadataOnly: true });
  const watching = (async () => {
    // A server ends the watches of readers that fall behind in a burst: it goes on where the last one ended.
    while (!stop.signal.aborted) {
      const query = { namespace, resourceVersion, timeoutSeconds: 1800 };
      const options = { signal: stop.signal, onOpen: opened.resolve };
      for await (const event of client.watch<T>(resource, query, options)) {
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        onEvent(event);
      }
    }
  })();
  // A watch that cannot be opened fails here, one that breaks later where it is stopped.
  watching.catch(opened.reject);
  await opened.promise;
  return {
    async stop() {
      stop.abort();
      await watching;
    },
  };
}
