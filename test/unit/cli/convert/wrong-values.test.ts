import { convertValues } from '../../../../cli/convert/convert-values';
import type { Tree } from '../../../../cli/convert/tree';
import { SubletError } from '../../../../lib/contract';
import { resolveSpec } from '../../../../lib/spec';

describe('what is wrong in a file', () => {
  it.each<[string, Tree, string, RegExp]>([
    ['a mistyped key', { sync: { toHost: { ingreses: {} } } }, 'sync.toHost.ingreses', /did you mean ingresses\?/],
    ['a key of nobody', { nonsense: 1 }, 'nonsense', /not a key of vCluster/],
    ['a list for a mapping', { controlPlane: [1] }, 'controlPlane', /not a mapping/],
    [
      'a name that is none',
      { controlPlane: { proxy: { extraSANs: ['a.example.com', 'no name'] } } },
      'controlPlane.proxy.extraSANs[1]',
      /left out: .*DNS name/,
    ],
    [
      'a flag that is not free',
      { controlPlane: { distro: { k8s: { apiServer: { extraArgs: ['--v=1', '--secure-port=1'] } } } } },
      'controlPlane.distro.k8s.apiServer.extraArgs',
      /--secure-port is set by Sublet/,
    ],
    [
      'an image with its tag',
      { sync: { toHost: { pods: { translateImage: { 'nginx:1.27': 'mirror.example.com/nginx' } } } } },
      'sync.toHost.pods.translateImage',
      /not the beginning of images/,
    ],
    [
      'a version that is too old',
      { controlPlane: { distro: { k8s: { version: 'v1.30.2' } } } },
      'controlPlane.distro.k8s.version',
      /oldest that can be chosen, 1\.33/,
    ],
    [
      'classes from both sides',
      { sync: { toHost: { storageClasses: { enabled: true } }, fromHost: { storageClasses: { enabled: true } } } },
      'sync.fromHost.storageClasses.enabled',
      /both directions/,
    ],
    [
      'two that contradict each other',
      {
        serviceCIDR: '10.1.0.0/16',
        networking: { serviceCIDR: '10.2.0.0/16' },
      },
      'serviceCIDR',
      /contradicts networking\.serviceCIDR/,
    ],
  ])('%s is told', (_what, tree, path, message) => {
    const { spec, notes } = convertValues(tree, { name: 'team-a' });
    expect(() => resolveSpec(spec)).not.toThrow();
    const said = notes.filter((note) => note.path === path && (note.kind === 'unsupported' || note.kind === 'unknown'));
    expect(said.map((note) => note.message).join()).toMatch(message);
  });

  it('what is right beside it stays', () => {
    const tree = { controlPlane: { proxy: { extraSANs: ['no name', 'a.example.com'] } } };
    const { spec, notes } = convertValues(tree, { name: 'team-a' });
    expect(spec.controlPlane).toEqual({ extraSans: ['a.example.com'] });
    expect(notes).toContainEqual(
      expect.objectContaining({ path: 'controlPlane.proxy.extraSANs[1]', to: 'controlPlane.extraSans[0]' }),
    );
  });
});

describe('values of charts before 0.20', () => {
  it.each<[Tree, string]>([
    [{ sync: { ingresses: { enabled: true } } }, 'sync.ingresses'],
    [{ syncer: { replicas: 3 }, vcluster: { image: 'rancher/k3s' } }, 'syncer, vcluster'],
    [{ isolation: { enabled: true }, mapServices: {}, storage: {}, coredns: {} }, '…'],
  ])('%j are recognised and refused', (tree, named) => {
    const refusal = (): unknown => convertValues(tree, { name: 'team-a' });
    expect(refusal).toThrow(SubletError);
    expect(refusal).toThrow(named);
    expect(refusal).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('vcluster convert') }),
    );
  });
});
