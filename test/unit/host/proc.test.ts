import { hasVariable, isAlive, parseProcessStat, readProcessStat } from '../../../host/process/proc';

describe('identifying a process', () => {
  const rest = '1 100 100 0 -1 4194560 1 0 0 0 3 4 0 0 20 0 5 0 987654 1 2 3';

  it.each([
    ['a plain name', `42 (etcd) S ${rest}`],
    ['a name with blanks and parentheses', `42 (a) b (c) S ${rest}`],
  ])('reads the start time behind %s', (_, line) => {
    expect(parseProcessStat(line)).toEqual({ pid: 42, state: 'S', parent: 1, startTime: 987654 });
  });

  it.each(['', '42', '42 (etcd', 'nonsense (x) S 1'])('takes %p for no process', (line) => {
    expect(parseProcessStat(line)).toBeUndefined();
  });

  it('knows this very process, but not another with its pid', async () => {
    const self = await readProcessStat(process.pid);
    expect(self).toBeDefined();
    expect(await isAlive(process.pid, self?.startTime ?? 0)).toBe(true);
    expect(await isAlive(process.pid, (self?.startTime ?? 0) + 1)).toBe(false);
  });

  it('compares whole variables only', () => {
    const block = 'A=1\0SUBLET_HOST_DIRECTORY=/c/hosts/dev2\0B=2\0';
    expect(hasVariable(block, 'SUBLET_HOST_DIRECTORY', '/c/hosts/dev2')).toBe(true);
    expect(hasVariable(block, 'SUBLET_HOST_DIRECTORY', '/c/hosts/dev')).toBe(false);
  });
});
