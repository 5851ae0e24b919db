import { ANNOTATIONS } from '../../../lib/contract';
import { annotationsToVirtual } from '../../../syncer/engine/host-annotations';
import { hostMetadata } from '../../../syncer/engine/metadata';
import type { KubeObject } from '../../../syncer/kube/types';
import { ARTICLE } from './context';
import { patched } from './memory-patch';
import { sectionsOf } from './sections';

const CONTEXT = {
  ...ARTICLE,
  sections: sectionsOf({
    sync: {
      annotations: {
        toHost: { services: ['example.com/wish'] },
        fromHost: { services: ['cloud.example.com/*', 'example.com/*'] },
      },
    },
  }),
};

const service = (annotations: Record<string, string> = {}): KubeObject => ({
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', annotations },
});
/** The host's copy, with what the host has added. */
const copyOf = (virtual: KubeObject, added: Record<string, string>): KubeObject => {
  const metadata = hostMetadata(virtual, CONTEXT);
  return { metadata: { ...metadata, annotations: { ...metadata.annotations, ...added } } };
};

/** The tenant's annotations after what is to be shown was written. */
function shown(virtual: KubeObject, host: KubeObject): KubeObject {
  const change = annotationsToVirtual(host, virtual, 'Service', CONTEXT);
  if (change?.kind !== 'patch') return virtual;
  const { metadata } = patched({ metadata: virtual.metadata }, change.patch, 'application/merge-patch+json');
  return { ...virtual, metadata };
}
const visible = ({ metadata: { annotations = {} } }: KubeObject) =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== ANNOTATIONS.hostAnnotations));

describe('annotations that the host gives', () => {
  it('are shown when they are named, under their own keys', () => {
    const host = copyOf(service(), { 'cloud.example.com/ip': '1.2.3.4', 'secret.example.com/x': 'y' });
    const after = shown(service({ own: '1' }), host);
    expect(visible(after)).toEqual({ own: '1', 'cloud.example.com/ip': '1.2.3.4' });
    expect(annotationsToVirtual(host, after, 'Service', CONTEXT)).toBeUndefined();
  });

  it('follow the host: changed, taken away', () => {
    const first = shown(service(), copyOf(service(), { 'cloud.example.com/ip': '1', 'cloud.example.com/id': 'a' }));
    const second = shown(first, copyOf(service(), { 'cloud.example.com/ip': '2' }));
    expect(visible(second)).toEqual({ 'cloud.example.com/ip': '2' });
    expect(shown(second, copyOf(service(), {})).metadata.annotations).toEqual({});
  });

  it('are not those that the tenant gave', () => {
    const virtual = service({ 'example.com/wish': 'mine' });
    const host = copyOf(virtual, {});
    expect(host.metadata.annotations).toHaveProperty(['example.com/wish'], 'mine');
    expect(annotationsToVirtual(host, virtual, 'Service', CONTEXT)).toBeUndefined();
  });

  it('never outvote what the tenant has under the same key', () => {
    const virtual = service({ 'cloud.example.com/ip': 'mine' });
    expect(annotationsToVirtual(copyOf(virtual, { 'cloud.example.com/ip': '1' }), virtual, 'Service', CONTEXT)).toBe(
      undefined,
    );
  });

  it('are not put back over and over when the tenant changes them', () => {
    const host = copyOf(service(), { 'cloud.example.com/ip': '1' });
    const after = shown(service(), host);
    const annotations = { ...after.metadata.annotations, 'cloud.example.com/ip': 'changed' };
    const changed = { ...after, metadata: { ...after.metadata, annotations } };
    expect(annotationsToVirtual(host, changed, 'Service', CONTEXT)).toBeUndefined();
  });

  it('do not come from other kinds, nor from our own keys', () => {
    const host = copyOf(service(), { 'cloud.example.com/ip': '1' });
    expect(annotationsToVirtual(host, service(), 'Secret', CONTEXT)).toBeUndefined();
    expect(annotationsToVirtual(copyOf(service(), {}), service(), 'Service', CONTEXT)).toBeUndefined();
  });
});
