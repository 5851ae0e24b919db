import fc from 'fast-check';
import { createLineSplitter } from '../../../syncer/kube/json-lines';

describe('cutting a stream into lines', () => {
  it('gives the same lines however the network cut the stream', () => {
    const values = fc.array(fc.json({ maxDepth: 2 }), { maxLength: 10 });
    fc.assert(
      fc.property(values, fc.array(fc.nat(40), { minLength: 1 }), (lines, cuts) => {
        const stream = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const splitter = createLineSplitter();
        const found: string[] = [];
        let at = 0;
        for (let turn = 0; at < stream.length; turn += 1) {
          const end = at + 1 + (cuts[turn % cuts.length] ?? 0);
          found.push(...splitter.push(stream.subarray(at, end)));
          at = end;
        }
        expect(found).toEqual(lines);
        expect(splitter.pending).toBe(0);
      }),
    );
  });

  it('keeps characters whole that lie across two chunks', () => {
    const splitter = createLineSplitter();
    const bytes = Buffer.from('"ä€😀"\n');
    expect([...bytes].flatMap((byte) => splitter.push(Buffer.of(byte)))).toEqual(['"ä€😀"']);
  });

  it('drops empty lines', () => {
    expect(createLineSplitter().push(Buffer.from('\n1\r\n\n'))).toEqual(['1\r']);
  });

  it('refuses a line that never ends', () => {
    const splitter = createLineSplitter(1000);
    expect(() => {
      for (let i = 0; i < 11; i += 1) splitter.push(Buffer.alloc(100, 'x'));
    }).toThrow(expect.objectContaining({ code: 'API_ERROR' }));
  });

  it('looks at each byte once: a long line in many chunks costs no more than its length', () => {
    const splitter = createLineSplitter();
    const chunk = Buffer.alloc(1024, 'x');
    const scan = jest.spyOn(chunk, 'indexOf');
    for (let i = 0; i < 10_000; i += 1) splitter.push(chunk);
    expect(scan).toHaveBeenCalledTimes(10_000);
    expect(splitter.push(Buffer.from('\n'))[0]?.length).toBe(10_240_000);
  });
});
