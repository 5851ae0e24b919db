import { parseCgroupMounts } from '../../../host/node/cgroups';
import { renderScript } from '../../../host/node/mount-namespace';
import { mountsBelow } from '../../../host/node/mounts';

describe('mounts below a directory', () => {
  const mountinfo = [
    '22 1 254:0 / / rw shared:1 - ext4 /dev/vda rw',
    '50 22 0:30 / /c/hosts/dev rw - tmpfs tmpfs rw',
    '51 50 0:31 / /c/hosts/dev/node/var/lib rw - tmpfs tmpfs rw',
    '52 22 0:32 / /c/hosts/dev2 rw - tmpfs tmpfs rw',
    '53 50 0:33 / /c/hosts/dev/with\\040blank rw - tmpfs tmpfs rw',
    '',
  ].join('\n');

  it('are listed deepest first, without those of a directory whose name only begins alike', () => {
    expect(mountsBelow(mountinfo, '/c/hosts/dev')).toEqual([
      '/c/hosts/dev/node/var/lib',
      '/c/hosts/dev/with blank',
      '/c/hosts/dev',
    ]);
  });
});

describe('cgroup hierarchies', () => {
  it.each([
    [
      'hybrid',
      'cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\nproc /proc proc rw 0 0\n',
      [
        { path: '/sys/fs/cgroup/cpu', version: 1 },
        { path: '/sys/fs/cgroup/unified', version: 2 },
      ],
    ],
    ['unified', 'cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n', [{ path: '/sys/fs/cgroup', version: 2 }]],
  ])('are found on a %s machine', (_, mounts, expected) => {
    expect(parseCgroupMounts(mounts)).toEqual(expected);
  });
});

describe('the node’s mount namespace', () => {
  it('gets its own /var and /run', () => {
    const script = renderScript('/c/hosts/dev/node/var', '/root/.cache/sublet');
    expect(script).toContain('mount --bind "$var" /var');
    expect(script).toContain('tmpfs /run');
    expect(script).not.toContain('--no-canonicalize');
  });

  it.each(['/var/cache/sublet', '/run/sublet-cache'])('still sees a cache at %s', (cache) => {
    expect(renderScript(`${cache}/hosts/dev/node/var`, cache)).toContain('/proc/self/fd/3 "$cache"');
  });

  it('takes paths with quotes', () => {
    expect(renderScript("/a'b/var", "/a'b")).toContain(`cache='/a'\\''b'`);
  });
});
