import { createHash } from 'node:crypto';
import { ANNOTATIONS } from '../../lib/contract';
import type { StringMap } from '../engine/metadata';
import type { KubeObject } from '../kube/types';

/** What ConfigMaps and Secrets hold. Binary values, and all of a Secret's, are base64. */
export interface Content {
  readonly data?: StringMap;
  readonly binaryData?: StringMap;
}

/** An object that holds {@link Content}. */
export interface ContentObject extends KubeObject, Content {
  readonly type?: string;
  readonly immutable?: boolean;
}

/** A ConfigMap. */
export interface ConfigMap extends KubeObject, Content {
  readonly immutable?: boolean;
}

/** A Secret. */
export interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: StringMap;
  readonly immutable?: boolean;
}

/** SHA-256 (hex) over all keys and values, in whatever order they come. */
export function contentHash({ data = {}, binaryData = {} }: Content): string {
  const canonical = [data, binaryData].map((map) => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** The object with the hash of what it holds now. */
export function sealedContent<T extends ContentObject>(object: T): T {
  const annotations = { ...object.metadata.annotations, [ANNOTATIONS.contentHash]: contentHash(object) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/**
 * What a cache keeps of a ConfigMap or Secret: everything but the data. The annotation `content-hash` becomes that of
 * the data which was really there, so that a change by somebody else on the host is noticed.
 */
export function withoutData<T extends ContentObject>(object: T): T {
  const { data, binaryData, ...kept } = object as T & Content;
  const hash = contentHash({ ...(data && { data }), ...(binaryData && { binaryData }) });
  const annotations = { ...object.metadata.annotations, [ANNOTATIONS.contentHash]: hash };
  // What is left of T is a T: both members are optional in it.
  return { ...kept, metadata: { ...object.metadata, annotations } } as Omit<T, keyof Content> as T;
}
