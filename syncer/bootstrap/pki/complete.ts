import { PKI_FILES, SubletError } from '../../../lib/contract';
import { authorityProblem, decideLeaf, signingKeyProblem } from './inspect';
import { issueAuthority, issueLeaf } from './issue';
import { createPrivateKeyPem, publicKeyPem } from './keys';
import { AUTHORITIES, type AuthorityName, type LeafProfile, leafProfiles } from './profiles';
import type { CertificatePair, PkiBundle, PkiFile, PkiIdentity, PkiSources } from './types';

/** A file that was made, and why. */
export interface PkiChange {
  readonly file: PkiFile;
  readonly reason: string;
}

/** A whole PKI, and what of it had to be made. */
export interface CompletedPki {
  readonly bundle: PkiBundle;
  readonly changes: readonly PkiChange[];
}

/**
 * Makes what a PKI lacks and renews what is about to end.
 *
 * Authorities and the service-account key are made only where nothing depends on them yet: for an empty store, or for
 * one that an operator filled with authorities of their own. One that is broken, or gone while its certificates are
 * there, is an error, because its replacement would lock every holder of a certificate or token out.
 * @throws SubletError `PKI_INVALID` naming the file and what is wrong with it
 */
export function completePki(
  stored: { readonly [file: string]: string },
  identity: PkiIdentity,
  sources: PkiSources,
): CompletedPki {
  const profiles = leafProfiles(identity);
  const inUse = profiles.some((profile) => stored[profile.cert] !== undefined || stored[profile.key] !== undefined);
  const work: Work = { stored, inUse, sources };
  const cluster = ensureAuthority('cluster', work);
  const frontProxy = ensureAuthority('frontProxy', work);
  const accounts = ensureServiceAccountKey(work);
  const authorities = { cluster: pairOf('cluster', cluster), frontProxy: pairOf('frontProxy', frontProxy) };
  const leaves = profiles.map((profile) => ensureLeaf(profile, authorities, work));
  const parts = [cluster, frontProxy, accounts, ...leaves];
  return { bundle: bundleOf(parts), changes: parts.flatMap((part) => part.changes) };
}

interface Work {
  readonly stored: { readonly [file: string]: string };
  /** Whether certificates exist that an authority must have signed. */
  readonly inUse: boolean;
  readonly sources: PkiSources;
}

interface Part {
  readonly files: { readonly [file: string]: string };
  readonly changes: readonly PkiChange[];
}

function ensureAuthority(name: AuthorityName, { stored, inUse, sources }: Work): Part {
  const profile = AUTHORITIES[name];
  const cert = stored[profile.cert];
  const key = stored[profile.key];
  if (cert === undefined && key === undefined && !inUse) {
    return partOf(profile, issueAuthority(profile, sources), 'is missing');
  }
  if (cert === undefined) throw invalid(profile.cert, 'is missing');
  if (key === undefined) throw invalid(profile.key, 'is missing');
  const problem = authorityProblem({ cert, key }, sources.now());
  if (problem !== undefined) throw invalid(profile.cert, problem);
  return { files: { [profile.cert]: cert, [profile.key]: key }, changes: [] };
}

function ensureServiceAccountKey({ stored, inUse }: Work): Part {
  const { serviceAccountKey: file, serviceAccountPublicKey: publicFile } = PKI_FILES;
  const key = stored[file];
  if (key === undefined) {
    if (inUse) throw invalid(file, 'is missing');
    const made = createPrivateKeyPem();
    return partOf({ cert: publicFile, key: file }, { cert: publicKeyPem(made), key: made }, 'is missing');
  }
  const problem = signingKeyProblem(key);
  if (problem !== undefined) throw invalid(file, problem);
  const derived = publicKeyPem(key);
  // More public keys than the signing key's may stand there, so that older tokens stay valid while a key is replaced.
  const kept = stored[publicFile];
  if (kept?.includes(derived.trim()) === true) return { files: { [file]: key, [publicFile]: kept }, changes: [] };
  const change = { file: publicFile, reason: `does not hold the public half of ${file}` };
  return { files: { [file]: key, [publicFile]: derived }, changes: [change] };
}

function ensureLeaf(
  profile: LeafProfile,
  authorities: { readonly [Name in AuthorityName]: CertificatePair },
  { stored, sources }: Work,
): Part {
  const authority = authorities[profile.authority];
  const cert = stored[profile.cert];
  const key = stored[profile.key];
  const pair = { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
  const decision = decideLeaf(pair, profile, authority, sources.now());
  if (decision.kind === 'keep') return { files: { [profile.cert]: cert ?? '', [profile.key]: key ?? '' }, changes: [] };
  const made = issueLeaf(profile, authority, sources, decision.keepKey ? key : undefined);
  return partOf(profile, made, decision.reason);
}

function partOf(profile: { cert: PkiFile; key: PkiFile }, pair: CertificatePair, reason: string): Part {
  return { files: { [profile.cert]: pair.cert, [profile.key]: pair.key }, changes: [{ file: profile.cert, reason }] };
}

function pairOf(name: AuthorityName, { files }: Part): CertificatePair {
  const profile = AUTHORITIES[name];
  return { cert: files[profile.cert] ?? '', key: files[profile.key] ?? '' };
}

function bundleOf(parts: readonly Part[]): PkiBundle {
  const files: { [file: string]: string } = Object.assign({}, ...parts.map((part) => part.files));
  const entries = Object.values(PKI_FILES).map((file) => [file, files[file] ?? ''] as const);
  return Object.fromEntries(entries) as PkiBundle;
}

function invalid(file: PkiFile, problem: string): SubletError {
  return new SubletError('PKI_INVALID', `${file} ${problem}`, {
    hint: 'Put the right file back into the Secret with the certificates, or delete that Secret to start with a new PKI, which ends every kubeconfig and token of the virtual cluster.',
  });
}
