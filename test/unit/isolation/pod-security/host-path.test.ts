import { isBelow } from '../../../../syncer/isolation/pod-security/host-path';

describe('a path of the node', () => {
  it.each([
    ['/data', '/data'],
    ['/data/a/b', '/data'],
    ['/data/', '/data'],
    ['/data', '/data/'],
    ['//data//a', '/data'],
    ['/data/./a', '/data'],
    ['/./data', '//data/.'],
    ['/data/..a', '/data'],
    ['/data/...', '/data'],
    ['/data/a', '/data/a'],
    ['/anything', '/'],
    ['/', '/'],
  ])('%s lies below %s', (path, prefix) => expect(isBelow(path, prefix)).toBe(true));

  it.each([
    ['/data2', '/data'],
    ['/dat', '/data'],
    ['/', '/data'],
    ['/etc', '/data'],
    ['/other/data', '/data'],
    ['/Data', '/data'],
    ['/data ', '/data'],
    ['/data%2fa', '/data'],
    ['/data\\a', '/data'],
    ['/data\0/a', '/data'],
    ['/data/../etc', '/data'],
    ['/data/..', '/data'],
    ['/data/a/../b', '/data'],
    ['/data/a/..', '/data'],
    ['/../data', '/data'],
    ['/./../data', '/data'],
    ['/data//../etc', '/data'],
    ['/..', '/'],
    ['', '/data'],
    ['', '/'],
    ['.', '/'],
    ['data', '/data'],
    ['./data', '/data'],
    ['../data', '/'],
    [' /data', '/data'],
    ['C:\\data', '/'],
  ])('%j does not lie below %s', (path, prefix) => expect(isBelow(path, prefix)).toBe(false));

  it.each([[''], ['data'], ['.'], ['/data/..'], ['/..'], ['../']])('the prefix %j covers nothing', (prefix) => {
    for (const path of ['/', '/data', '/data/a', '', 'data', prefix]) expect(isBelow(path, prefix)).toBe(false);
  });
});
