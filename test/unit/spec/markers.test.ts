import fc from 'fast-check';
import { markerTable } from '../../../lib/spec/marker-table';
import { hasMarker, isMarker, markerOf, splitAtMarkers } from '../../../lib/spec/markers';

const plain = fc.string().filter((text) => !hasMarker(text) && !text.includes('\u0002'));

describe('markers', () => {
  it('are told from text, and from text that holds one', () => {
    expect([markerOf(7), `a${markerOf(7)}`, `${markerOf(1)}${markerOf(2)}`, 'a', 7].map(isMarker)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('come out of any text in order, with the text between them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(plain, fc.nat())), (pieces) => {
        const text = pieces.map((piece) => (typeof piece === 'number' ? markerOf(piece) : piece)).join('');
        const parts = splitAtMarkers(text);
        const joined = parts.map((part) => (part.kind === 'text' ? part.text : markerOf(part.index))).join('');
        expect(joined).toBe(text);
        const indices = parts.flatMap((part) => (part.kind === 'marker' ? [part.index] : []));
        expect(indices).toEqual(pieces.filter((piece) => typeof piece === 'number'));
      }),
    );
  });
});

describe('markerTable', () => {
  it('puts a marker for each leaf, wherever it stands, and gives the leaf back', () => {
    const table = markerTable((value): value is Date => value instanceof Date);
    const [a, b] = [new Date(1), new Date(2)];
    expect(table.capture({ a, list: ['x', { b }], n: 1, none: undefined, nil: null })).toEqual({
      a: markerOf(0),
      list: ['x', { b: markerOf(1) }],
      n: 1,
      none: undefined,
      nil: null,
    });
    expect([table.leafAt(0), table.leafAt(1)]).toEqual([a, b]);
  });

  it('refuses a marker that it did not make', () => {
    const table = markerTable((value): value is Date => value instanceof Date);
    expect(() => table.leafAt(0)).toThrow('a marker of another one');
  });
});
