import { watchProgress } from '../../conformance/progress';

/** What is reported of Ginkgo's output, which comes in any pieces. */
function reported(...pieces: readonly string[]): readonly string[] {
  jest.useFakeTimers();
  const lines: string[] = [];
  const { read, stop } = watchProgress((text) => lines.push(text));
  for (const piece of pieces) read(piece);
  jest.advanceTimersByTime(30_000);
  stop();
  jest.useRealTimers();
  return lines;
}

describe('progress of a conformance run', () => {
  test('counts specs as they end, also within an unfinished line', () => {
    const lines = reported('Will run 433 of 3206 specs\n••', '•\n••');
    expect(lines).toEqual([expect.stringMatching(/: 5 of 433 specs, 0 failed$/)]);
  });

  test('names a failed spec at once', () => {
    const lines = reported('••\n• [FAILED] [2.1 seconds]\n[sig-node] Pods [It] runs', ' [Conformance]\n•');
    expect(lines[0]).toBe('  failed: [sig-node] Pods [It] runs [Conformance]');
    expect(lines[1]).toMatch(/: 4 of \? specs, 1 failed$/);
  });

  test('says nothing while nothing ends', () => {
    expect(reported('Running in parallel\n')).toEqual([]);
  });
});
