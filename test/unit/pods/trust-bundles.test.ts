import {
  type TrustBundle,
  type TrustProjection,
  trustFiles,
  trustKey,
  usesTrustBundles,
} from '../../../syncer/pods/trust-bundles';
import { translated, virtualPod } from './fixtures';

const certificate = (of: string) => `-----BEGIN CERTIFICATE-----\n${of}\n-----END CERTIFICATE-----`;
const bundle = (
  name: string,
  of: string,
  more: { signerName?: string; labels?: TrustBundle['metadata']['labels'] },
) => ({
  metadata: { name, ...(more.labels && { labels: more.labels }) },
  spec: { trustBundle: certificate(of), ...(more.signerName && { signerName: more.signerName }) },
});
const BUNDLES: readonly TrustBundle[] = [
  bundle('plain', 'PLAIN', {}),
  bundle('one:b', 'BB', { signerName: 'ca.test/one', labels: { live: 'yes' } }),
  bundle('one:a', 'AA', { signerName: 'ca.test/one', labels: { live: 'no' } }),
  bundle('one:again', 'AA', { signerName: 'ca.test/one' }),
  bundle('two:c', 'CC', { signerName: 'ca.test/two', labels: { live: 'yes' } }),
];

const podWith = (...projections: TrustProjection[]) =>
  virtualPod({
    spec: {
      volumes: [{ name: 'trust', projected: { sources: projections.map((one) => ({ clusterTrustBundle: one })) } }],
    },
  });
const fileOf = (wish: Omit<TrustProjection, 'path'>) =>
  Object.values(trustFiles(podWith({ ...wish, path: 'ca.pem' }), BUNDLES))[0];
const signer = (labelSelector?: TrustProjection['labelSelector'], optional?: boolean) => ({
  signerName: 'ca.test/one',
  ...(labelSelector && { labelSelector }),
  ...(optional !== undefined && { optional }),
});

describe('trust bundles of a pod', () => {
  it.each<[string, Omit<TrustProjection, 'path'>, string | undefined]>([
    ['one by its name', { name: 'plain' }, `${certificate('PLAIN')}\n`],
    ['all of a signer, each certificate once', signer({}), `${certificate('AA')}\n${certificate('BB')}\n`],
    ['those of a signer with a label', signer({ matchLabels: { live: 'yes' } }), `${certificate('BB')}\n`],
    [
      'those of a signer that an expression selects',
      signer({ matchExpressions: [{ key: 'live', operator: 'In', values: ['no'] }] }),
      `${certificate('AA')}\n`,
    ],
    ['nothing of a signer without a selector: the pod waits', signer(), undefined],
    ['nothing of that name: the pod waits', { name: 'none' }, undefined],
    ['an empty file where nothing is needed', { name: 'none', optional: true }, ''],
    ['an empty file where no selector is needed', signer(undefined, true), ''],
  ])('are %s', (_, wish, expected) => {
    expect(fileOf(wish)).toBe(expected);
  });

  it('leave out the text around certificates', () => {
    const commented = { ...BUNDLES[0], metadata: { name: 'x' }, spec: { trustBundle: `CA\n${certificate('X')}\nend` } };
    expect(Object.values(trustFiles(podWith({ name: 'x', path: 'p' }), [commented]))).toEqual([
      `${certificate('X')}\n`,
    ]);
  });

  it("are files of the pod's own Secret on the host, under the path that was asked for", () => {
    const wish = { name: 'plain', path: 'ca.pem', user: 7 };
    expect(translated(podWith(wish)).spec.volumes?.[0]?.projected?.sources).toEqual([
      {
        secret: {
          name: 'nginx-sa-token-x-default-x-my-vcluster',
          items: [{ key: trustKey(wish), path: 'ca.pem', user: 7 }],
        },
      },
    ]);
  });

  it('are looked for only where a pod wants some', () => {
    expect(usesTrustBundles(podWith({ name: 'plain', path: 'p' }))).toBe(true);
    expect(usesTrustBundles(virtualPod())).toBe(false);
  });
});
