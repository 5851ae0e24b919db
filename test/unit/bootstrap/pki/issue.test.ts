import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { issueAuthority, issueLeaf } from '../../../../syncer/bootstrap/pki/issue';
import type { CertificatePair, PkiSources } from '../../../../syncer/bootstrap/pki/types';
import { sourcesAt, TODAY } from '../support/pki';

const DAY_MS = 86_400_000;
const sources = sourcesAt();
const authority = issueAuthority({ commonName: 'kubernetes' }, sources);
const server = {
  commonName: 'kube-apiserver',
  usage: 'server',
  sans: ['localhost', '127.0.0.1', 'fd00::a:7'],
} as const;

describe('certificates', () => {
  it('form a chain that OpenSSL follows', () => {
    const root = new X509Certificate(authority.cert);
    const leaf = new X509Certificate(issueLeaf(server, authority, sources).cert);
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkIP('fd00::a:7')).toBeDefined();
    expect(leaf.checkHost('localhost')).toBe('localhost');
  });

  it('last ten years and one year', () => {
    const days = ({ cert }: CertificatePair) =>
      Math.round((new X509Certificate(cert).validToDate.getTime() - TODAY.getTime()) / DAY_MS);
    expect(days(authority)).toBe(3650);
    expect(days(issueLeaf(server, authority, sources))).toBe(365);
    expect(days(issueLeaf(server, authority, sourcesAt(3500)))).toBe(3650);
  });

  it('name user and group', () => {
    const client = { commonName: 'admin', organization: 'system:masters', usage: 'client', sans: [] } as const;
    const { cert } = issueLeaf(client, authority, sources);
    expect(new X509Certificate(cert).subject).toBe('O=system:masters\nCN=admin');
  });

  it('never share a serial number', () => {
    const serials = [1, 2].map(() => new X509Certificate(issueLeaf(server, authority, sources).cert).serialNumber);
    expect(new Set(serials).size).toBe(2);
  });

  it('keep the key that they are given', () => {
    const first = issueLeaf(server, authority, sources);
    const second = issueLeaf(server, authority, sources, first.key);
    expect(second.key).toBe(first.key);
    expect(second.cert).not.toBe(first.cert);
  });

  it('let a client and a server trust each other', async () => {
    const now: PkiSources = { ...sources, now: () => new Date() };
    const ca = issueAuthority({ commonName: 'kubernetes' }, now);
    const serving = issueLeaf(server, ca, now);
    const client = issueLeaf({ commonName: 'kube-apiserver-kubelet-client', usage: 'client', sans: [] }, ca, now);
    expect(await shakeHands(ca.cert, serving, client)).toBe('kube-apiserver-kubelet-client');
  });

  it.each(['rsa:2048', 'ec'])('can be signed by an authority that an operator made with OpenSSL (%s)', (algorithm) => {
    const brought = opensslAuthority(algorithm);
    const leaf = new X509Certificate(issueLeaf(server, brought, sources).cert);
    expect(leaf.checkIssued(new X509Certificate(brought.cert))).toBe(true);
    expect(leaf.verify(new X509Certificate(brought.cert).publicKey)).toBe(true);
  });
});

/** Connects with mutual authentication and returns the client's name as the server saw it. */
async function shakeHands(ca: string, serving: CertificatePair, client: CertificatePair): Promise<unknown> {
  const server = createServer({ ca, ...serving, requestCert: true, rejectUnauthorized: true });
  const accepted = new Promise<TLSSocket>((resolve, reject) => {
    server.once('secureConnection', resolve);
    server.once('tlsClientError', reject);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const socket = connect({ host: '127.0.0.1', port, ca, ...client });
  try {
    const [seen] = await Promise.all([
      accepted,
      new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject)),
    ]);
    return seen.getPeerCertificate().subject.CN;
  } finally {
    socket.destroy();
    server.close();
  }
}

function opensslAuthority(algorithm: string): CertificatePair {
  const directory = mkdtempSync(join(tmpdir(), 'sublet-pki-'));
  const [cert, key] = [join(directory, 'ca.crt'), join(directory, 'ca.key')];
  const curve = algorithm === 'ec' ? ['-pkeyopt', 'ec_paramgen_curve:P-384'] : [];
  try {
    const subject = ['-subj', '/O=Example/CN=ours', '-addext', 'keyUsage=keyCertSign'];
    const args = ['req', '-x509', '-nodes', '-newkey', algorithm, ...curve, ...subject, '-keyout', key, '-out', cert];
    execFileSync('openssl', [...args, '-days', '3650'], { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
