import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { connectionOfKubeconfig, parseKubeconfig } from '../../../syncer/kube/config';
import { inClusterConnection, tokenFile } from '../../../syncer/kube/in-cluster';
import { ManualClock } from './support/manual-clock';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sublet-kube-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const kubeconfig = (cluster: object, user: object): string =>
  stringify({
    'current-context': 'c',
    clusters: [
      { name: 'other', cluster: { server: 'https://other' } },
      { name: 'k', cluster: { server: 'https://api:6443', ...cluster } },
    ],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'ns' } }],
  });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a kubeconfig', () => {
  it('gives certificates that it holds', () => {
    const text = kubeconfig(
      { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'kubernetes' },
      { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
    );
    expect(parseKubeconfig(text, '/')).toEqual({
      server: 'https://api:6443',
      ca: 'CA',
      serverName: 'kubernetes',
      clientCertificate: 'CERT',
      clientKey: 'KEY',
      namespace: 'ns',
    });
  });

  it('gives certificates in files beside it', () => {
    writeFileSync(join(directory, 'ca.crt'), 'CA');
    const file = join(directory, 'config');
    writeFileSync(file, kubeconfig({ 'certificate-authority': 'ca.crt' }, {}));
    expect(connectionOfKubeconfig(file)).toMatchObject({ ca: 'CA' });
  });

  it('gives a token', async () => {
    const connection = parseKubeconfig(kubeconfig({}, { token: 'secret' }), '/');
    await expect(connection.token?.()).resolves.toBe('secret');
  });

  it.each([
    ['a login program', kubeconfig({}, { exec: { command: 'aws' } }), /login programs/],
    ['no verification', kubeconfig({ 'insecure-skip-tls-verify': true }, {}), /insecure-skip-tls-verify/],
    ['a missing context', kubeconfig({}, {}).replace('current-context: c', 'current-context: d'), /no context "d"/],
    ['no server', kubeconfig({ server: 'api:6443' }, {}), /clusters.1.cluster.server/],
    ['broken YAML', 'token: "hunter2', /not YAML$/],
    ['something else', '[]', /\(root\)/],
    ['a missing file', kubeconfig({ 'certificate-authority': 'nowhere' }, {}), /nowhere can't be read/],
  ])('refuses %s and names the field', (_, text, message) => {
    const read = () => parseKubeconfig(text, directory);
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(read).toThrow(message);
    expect(read).not.toThrow(/hunter2/);
  });
});

describe('the settings of a pod', () => {
  it('come from the token directory and the environment', async () => {
    for (const [file, text] of [
      ['ca.crt', 'CA'],
      ['namespace', 'team-a\n'],
      ['token', 't1\n'],
    ] as const) {
      writeFileSync(join(directory, file), text);
    }
    const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const connection = inClusterConnection(directory, environment);
    expect(connection).toMatchObject({ server: 'https://[fd00::1]:443', ca: 'CA', namespace: 'team-a' });
    await expect(connection.token?.()).resolves.toBe('t1');
  });

  it('are an error outside a pod', () => {
    expect(() => inClusterConnection(directory, {})).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('a token in a file', () => {
  /** Swaps a symbolic link, as the kubelet does. */
  const rotate = (text: string): void => {
    writeFileSync(join(directory, text), text);
    symlinkSync(text, join(directory, 'next'));
    renameSync(join(directory, 'next'), join(directory, 'token'));
  };

  it('is read again once it was rotated, within seconds', async () => {
    rotate('first');
    const clock = new ManualClock();
    const token = tokenFile(join(directory, 'token'), clock);
    expect(await token()).toBe('first');
    rotate('second');
    expect(await token()).toBe('first');
    await clock.advance(10_000);
    expect(await token()).toBe('second');
  });

  it('is read again at once when the server refused it', async () => {
    rotate('first');
    const token = tokenFile(join(directory, 'token'), new ManualClock());
    await token();
    rotate('second');
    expect(await token('first')).toBe('second');
  });

  it('stays in use while the file is away', async () => {
    rotate('first');
    const clock = new ManualClock();
    const token = tokenFile(join(directory, 'token'), clock);
    await token();
    rmSync(join(directory, 'token'));
    await clock.advance(60_000);
    expect(await token()).toBe('first');
  });

  it('is an error when it was never there', async () => {
    await expect(tokenFile(join(directory, 'token'))()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
