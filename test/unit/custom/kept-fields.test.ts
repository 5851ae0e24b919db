import { fieldsPatch, writtenFields } from '../../../syncer/custom/kept-fields';

/** The patch for an object that was written as `before`, is now `current` on the host and shall be `desired`. */
function patchOf(before: object, current: object, desired: object) {
  return fieldsPatch({ spec: desired }, { spec: current, status: {} }, ['spec'], writtenFields({ spec: before }));
}

describe('bringing the spec of a host copy in line', () => {
  it.each([
    ['nothing has changed', { a: 1 }, { a: 1 }, { a: 1 }, undefined],
    ['the tenant changed a value', { a: 1 }, { a: 1 }, { a: 2 }, { spec: { a: 2 } }],
    ['somebody on the host changed a value', { a: 1 }, { a: 9 }, { a: 1 }, { spec: { a: 1 } }],
    ['an operator has filled in a member', { a: 1 }, { a: 1, b: 2 }, { a: 1 }, undefined],
    ['the tenant took a member away', { a: 1, b: 2 }, { a: 1, b: 2 }, { a: 1 }, { spec: { b: null } }],
    ['the tenant took a map away', { a: 1, m: { x: 1 } }, { a: 1, m: { x: 1, y: 2 } }, { a: 1 }, { spec: { m: null } }],
    ['the tenant emptied a map', { m: { x: 1 } }, { m: { x: 1, y: 2 } }, { m: {} }, { spec: { m: { x: null } } }],
    ['a list grew', { l: [1] }, { l: [1] }, { l: [1, 2] }, { spec: { l: [1, 2] } }],
    [
      'an operator has filled in a member of an element',
      { l: [{ name: 'a' }] },
      { l: [{ name: 'a', port: 1 }] },
      { l: [{ name: 'a' }] },
      undefined,
    ],
    [
      'the tenant took a member of an element away',
      { l: [{ name: 'a', x: 1 }] },
      { l: [{ name: 'a', x: 1, port: 1 }] },
      { l: [{ name: 'a' }] },
      { spec: { l: [{ name: 'a', port: 1 }] } },
    ],
    [
      'the elements are others',
      { l: [{ name: 'a' }] },
      { l: [{ name: 'a', p: 1 }] },
      { l: [{ name: 'b' }] },
      { spec: { l: [{ name: 'b' }] } },
    ],
    ['the type of a value has changed', { a: 1 }, { a: 1 }, { a: { b: 1 } }, { spec: { a: { b: 1 } } }],
    ['the tenant wrote null', { a: null }, {}, { a: null }, undefined],
    [
      'a key is called as the prototype is',
      {},
      {},
      JSON.parse('{"__proto__":{"x":1}}'),
      { spec: JSON.parse('{"__proto__":{"x":1}}') },
    ],
  ])('when %s', (_, before, current, desired, expected) => {
    expect(patchOf(before, current, desired)).toEqual(expected);
  });

  it('leaves what it finds to the host when it can’t know what was written', () => {
    expect(fieldsPatch({ spec: { a: 1 } }, { spec: { a: 1, b: 2 } }, ['spec'], {})).toBeUndefined();
    const broken = { 'sublet.dev/written-fields': '{' };
    expect(fieldsPatch({ spec: { a: 1 } }, { spec: { a: 1, b: 2 } }, ['spec'], broken)).toBeUndefined();
  });

  it('takes a whole field away that the tenant has taken away', () => {
    const written = writtenFields({ spec: { a: 1 }, data: { x: '1' } });
    expect(fieldsPatch({ spec: { a: 1 } }, { spec: { a: 1 }, data: { x: '1' } }, ['spec', 'data'], written)).toEqual({
      data: null,
    });
  });
});
