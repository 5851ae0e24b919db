import { ReferenceIndex } from '../../../syncer/engine/references';
import type { Reference } from '../../../syncer/engine/types';
import { RESOURCES } from '../../../syncer/kube/resources';

const config = (name: string): Reference => ({ resource: RESOURCES.configMaps, name, optional: false });
const secret = (name: string): Reference => ({ resource: RESOURCES.secrets, name, optional: true });

function tracked() {
  const index = new ReferenceIndex();
  const told: string[] = [];
  index.onChange(RESOURCES.configMaps, (key) =>
    told.push(`${index.isReferenced(RESOURCES.configMaps, key) ? '+' : '-'}${key}`),
  );
  return { index, told };
}

describe('who refers to what', () => {
  it('an object is referenced from its first referrer to its last', () => {
    const { index, told } = tracked();
    index.set('pod a', 'shop', [config('c')]);
    index.set('pod b', 'shop', [config('c')]);
    index.set('pod a', 'shop', []);
    expect(index.isReferenced(RESOURCES.configMaps, 'shop/c')).toBe(true);
    expect(index.referrers(RESOURCES.configMaps, 'shop/c')).toEqual(['pod b']);
    index.set('pod b', 'shop', []);
    expect(index.isReferenced(RESOURCES.configMaps, 'shop/c')).toBe(false);
    expect(told).toEqual(['+shop/c', '-shop/c']);
  });

  it('a referrer that changes its mind gives up the one and takes the other, and keeps what it keeps', () => {
    const { index, told } = tracked();
    index.set('pod a', 'shop', [config('kept'), config('old')]);
    told.length = 0;
    index.set('pod a', 'shop', [config('kept'), config('new')]);
    expect(told.sort()).toEqual(['+shop/new', '-shop/old']);
  });

  it('the same again is no news', () => {
    const { index, told } = tracked();
    index.set('pod a', 'shop', [config('c'), config('c')]);
    index.set('pod a', 'shop', [config('c')]);
    expect(told).toEqual(['+shop/c']);
  });

  it('a name counts in the referrer’s own namespace only, and for its kind only', () => {
    const { index, told } = tracked();
    index.set('pod a', 'shop', [secret('c')]);
    expect(told).toEqual([]);
    expect(index.isReferenced(RESOURCES.secrets, 'shop/c')).toBe(true);
    expect(index.isReferenced(RESOURCES.secrets, 'bank/c')).toBe(false);
    expect(index.isReferenced(RESOURCES.configMaps, 'shop/c')).toBe(false);
  });

  it('forgetting somebody who never referred to anything changes nothing', () => {
    const { index, told } = tracked();
    index.set('pod a', 'shop', []);
    expect(told).toEqual([]);
    expect(index.referrers(RESOURCES.configMaps, 'shop/c')).toEqual([]);
  });
});
