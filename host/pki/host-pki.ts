import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NETWORK } from '../network/addresses';
import type { HostPaths } from '../paths';
import { readTextIfExists, writeFileAtomic } from '../process/files';
import { type CertificateRequest, createAuthority, createSigningKey, type KeyPair } from './certificates';
import { renderKubeconfig } from './kubeconfig';

/** Who has a client identity at the host's API server: file name → certificate. */
function clients(nodeName: string): { readonly [file: string]: CertificateRequest } {
  return {
    admin: { commonName: 'kubernetes-admin', organization: 'system:masters' },
    // Daemons of the host itself that upstream ships no bootstrap role for.
    coredns: { commonName: 'sublet:coredns', organization: 'system:masters' },
    storage: { commonName: 'sublet:storage', organization: 'system:masters' },
    kwok: { commonName: 'sublet:kwok', organization: 'system:masters' },
    'controller-manager': { commonName: 'system:kube-controller-manager' },
    scheduler: { commonName: 'system:kube-scheduler' },
    proxy: { commonName: 'system:kube-proxy' },
    node: {
      commonName: `system:node:${nodeName}`,
      organization: 'system:nodes',
      dnsNames: [nodeName],
      addresses: [NETWORK.nodeAddress],
    },
  };
}

/** Written last, so that its presence tells that all others are there. */
const MARKER = 'complete';

/** Makes the host's certificates and the kubeconfigs of its daemons, unless they are there already. */
export async function ensurePki(paths: HostPaths): Promise<void> {
  if ((await readTextIfExists(join(paths.pki, MARKER))) !== undefined) return;
  const authority = await createAuthority('sublet-host');
  const frontProxyAuthority = await createAuthority('sublet-host-front-proxy');
  await writePair(paths, 'ca', authority);
  await writePair(paths, 'front-proxy-ca', frontProxyAuthority);
  await writePair(
    paths,
    'apiserver',
    await authority.sign({
      commonName: 'kube-apiserver',
      dnsNames: ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'].concat(
        `kubernetes.default.svc.${NETWORK.clusterDomain}`,
      ),
      addresses: ['127.0.0.1', NETWORK.nodeAddress, NETWORK.apiServiceAddress],
    }),
  );
  await writePair(
    paths,
    'kubelet-client',
    await authority.sign({ commonName: 'kube-apiserver-kubelet-client', organization: 'system:masters' }),
  );
  await writePair(paths, 'front-proxy-client', await frontProxyAuthority.sign({ commonName: 'front-proxy-client' }));
  const tokens = await createSigningKey();
  await writeFileAtomic(join(paths.pki, 'sa.key'), tokens.privateKey, 0o600);
  await writeFileAtomic(join(paths.pki, 'sa.pub'), tokens.publicKey);
  for (const [file, request] of Object.entries(clients(paths.nodeName))) {
    const pair = await authority.sign(request);
    await writePair(paths, file, pair);
    const kubeconfig = renderKubeconfig(paths.name, NETWORK.apiServer, authority.certificate, pair);
    await writeFileAtomic(kubeconfigFile(paths, file), kubeconfig, 0o600);
  }
  await writeFileAtomic(join(paths.pki, MARKER), '');
}

/** The kubeconfig of one of the host's daemons, for use inside of the network namespace. */
export function kubeconfigFile(paths: HostPaths, client: string): string {
  return join(paths.pki, `${client}.kubeconfig`);
}

/** The admin's client certificate and the authority that signed the API server's. */
export async function readAdmin(paths: HostPaths): Promise<{ readonly authority: string; readonly admin: KeyPair }> {
  const read = (file: string): Promise<string> => readFile(join(paths.pki, file), 'utf8');
  return {
    authority: await read('ca.crt'),
    admin: { certificate: await read('admin.crt'), key: await read('admin.key') },
  };
}

/** Writes the admin kubeconfig that reaches the API server from outside, through the relay on `port`. */
export async function writeOutsideKubeconfig(paths: HostPaths, port: number): Promise<void> {
  const { authority, admin } = await readAdmin(paths);
  const name = `sublet-${paths.name}`;
  const kubeconfig = renderKubeconfig(name, `https://127.0.0.1:${port}`, authority, admin);
  await writeFileAtomic(paths.kubeconfig, kubeconfig, 0o600);
}

async function writePair(paths: HostPaths, file: string, pair: KeyPair): Promise<void> {
  await writeFileAtomic(join(paths.pki, `${file}.crt`), pair.certificate);
  await writeFileAtomic(join(paths.pki, `${file}.key`), pair.key, 0o600);
}
