import type { OutgoingHttpHeaders } from 'node:http';
import { SubletError } from '../../lib/contract';
import { apiErrorOfEvent } from './api-error';
import { type Http, unreachable } from './http';
import { createLineSplitter } from './json-lines';
import { watchPath } from './paths';
import { apiVersionOf } from './resources';
import type { KubeObject, Resource, WatchEvent, WatchQuery } from './types';

const METADATA_EVENTS = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/**
 * The events of one watch. Ends when the server ends it or `signal` aborts; an `ERROR` event is thrown as
 * {@link ApiError}, a connection that breaks as `SubletError` `API_UNREACHABLE`.
 */
export async function* watchEvents<T extends KubeObject>(
  http: Http,
  resource: Resource,
  query: WatchQuery,
  { signal, onOpen }: { readonly signal: AbortSignal; readonly onOpen?: () => void },
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  if (signal.aborted) return;
  const path = watchPath(resource, query);
  const request = { method: 'GET', path };
  const headers: OutgoingHttpHeaders = query.metadataOnly ? { accept: METADATA_EVENTS } : {};
  try {
    const response = await http.stream(path, { headers, signal });
    onOpen?.();
    const splitter = createLineSplitter();
    for await (const chunk of response) {
      for (const line of splitter.push(chunk)) {
        const event = parseEvent<T>(line, resource);
        if (event.type === 'ERROR') throw apiErrorOfEvent(request, event.object);
        yield event;
      }
      if (signal.aborted) return;
    }
    if (splitter.pending > 0) throw new Error('the connection ended in the middle of an event');
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof SubletError) throw error;
    throw unreachable(`watch of ${resource.plural}`, error);
  }
}

type RawEvent<T> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: unknown };

function parseEvent<T extends KubeObject>(line: string, resource: Resource): RawEvent<T> {
  let event: RawEvent<T>;
  try {
    event = JSON.parse(line);
  } catch {
    // The parser's message quotes the line, which may hold a Secret.
    throw new SubletError('API_ERROR', `watch of ${resource.plural}: an event is not JSON`);
  }
  if (event.type !== 'ERROR') Object.assign(event.object, { apiVersion: apiVersionOf(resource), kind: resource.kind });
  return event;
}
