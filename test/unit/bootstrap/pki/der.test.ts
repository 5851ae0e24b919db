import * as fc from 'fast-check';
import { objectIdentifier, octetString, readFields, sequence, time } from '../../../../syncer/bootstrap/pki/der';

describe('DER', () => {
  it('reads back what it wrote, whatever its length', () => {
    const lengths = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 255, 256, 65_535, 65_536));
    fc.assert(
      fc.property(fc.array(lengths, { maxLength: 5 }), (sizes) => {
        const parts = sizes.map((size) => octetString(Buffer.alloc(size, 7)));
        const [whole, ...more] = readFields(sequence(...parts));
        expect(more).toEqual([]);
        expect(readFields(whole?.content ?? Buffer.alloc(0)).map(({ content }) => content.length)).toEqual(sizes);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['2.5.29.17', '0603551d11'],
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
  ])('writes the identifier %s', (dotted, hex) => {
    expect(objectIdentifier(dotted).toString('hex')).toBe(hex);
  });

  it.each([
    ['2049-12-31T23:59:59.900Z', 0x17, '491231235959Z'],
    ['2050-01-01T00:00:00Z', 0x18, '20500101000000Z'],
  ])('writes %s in the form of its century', (date, tag, text) => {
    expect(readFields(time(new Date(date)))).toMatchObject([{ tag, content: Buffer.from(text) }]);
  });
});
