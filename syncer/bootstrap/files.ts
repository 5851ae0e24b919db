import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { FILES, PKI_FILES, PORTS } from '../../lib/contract';
import { admissionConfiguration } from './admission';
import { type Discovery, renderDiscovery } from './discovery/discovery';
import { renderKubeconfig } from './kubeconfig';
import type { PkiBundle, PkiFile } from './pki/types';

/** Files to write: absolute path → content. */
export type FileSet = { readonly [path: string]: string };

/** Every file that the control plane's containers find in `FILES.pkiDir`. */
export function controlPlaneFiles(bundle: PkiBundle, discovery: Discovery): FileSet {
  const pki = Object.entries(bundle).map(([file, text]) => [join(FILES.pkiDir, file), text] as const);
  return {
    ...Object.fromEntries(pki),
    [FILES.controllerManagerKubeconfig]: loopbackKubeconfig(
      PKI_FILES.controllerManagerCert,
      PKI_FILES.controllerManagerKey,
    ),
    [FILES.schedulerKubeconfig]: loopbackKubeconfig(PKI_FILES.schedulerCert, PKI_FILES.schedulerKey),
    [FILES.syncerKubeconfig]: loopbackKubeconfig(PKI_FILES.syncerCert, PKI_FILES.syncerKey),
    [FILES.egressConfig]: egressConfiguration(),
    [FILES.admissionConfig.baseline]: admissionConfiguration('baseline'),
    [FILES.admissionConfig.restricted]: admissionConfiguration('restricted'),
    [FILES.discovery]: renderDiscovery(discovery),
  };
}

/**
 * Writes files so that a reader sees the old or the new content, never half of it: kube-apiserver reads its certificates
 * again when they change. Readable by owner and group, which is how the pod's containers share a volume.
 */
export async function writeFiles(files: FileSet, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const draft = `${path}.new`;
    await writeFile(draft, text, { mode: MODE });
    // The mode above counts only for a file that is new, and the process's mask narrows it.
    await chmod(draft, MODE);
    await rename(draft, path);
  }
}

const MODE = 0o640;

/** Names files, so that components notice renewed certificates. */
function loopbackKubeconfig(cert: PkiFile, key: PkiFile): string {
  const path = (file: PkiFile) => join(FILES.pkiDir, file);
  return renderKubeconfig({
    server: `https://127.0.0.1:${PORTS.apiServer}`,
    name: 'virtual',
    material: { kind: 'files', ca: path(PKI_FILES.caCert), cert: path(cert), key: path(key) },
  });
}

/** What the API server dials inside the cluster (kubelets, webhooks, aggregated API servers), it dials through the syncer. */
function egressConfiguration(): string {
  return stringify({
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      {
        name: 'cluster',
        connection: {
          proxyProtocol: 'HTTPConnect',
          transport: { uds: { udsName: FILES.egressSocket } },
        },
      },
    ],
  });
}
