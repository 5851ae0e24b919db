import { awaitedNode } from '../scheduling/placed-by';
import { refusedImage } from './allowed-images';
import { refusedToleration } from './allowed-tolerations';
import { refusedRuntimeClass } from './classes';
import { refusedCsiAttribute } from './csi-attributes';
import { usesClusterDns } from './dns';
import { fullHostname, MAX_HOST_NAME } from './hostname';
import { HOSTS_HELPER, needsHostsFile } from './hosts';
import { refusedNode } from './node-affinity';
import { refusedAffinity } from './pod-affinity';
import { awaitedClaim, refusedClaims } from './resource-claims';
import type { Pod, PodContext, Refusal } from './types';

/** Why a pod may not go to the host, undefined if this check has nothing against it. */
export type PodCheck = (v: Pod, ctx: PodContext) => Refusal | undefined;

/** Every check that looks at more than one field at a time. Policies add theirs here. */
export const POD_CHECKS: readonly PodCheck[] = [
  refusedNode,
  refusedAffinity,
  refusedFullHostname,
  refusedHelperName,
  refusedRuntimeClass,
  refusedClaims,
  refusedCsiAttribute,
  refusedToleration,
  refusedImage,
];

/** What a pod waits for before it can be translated, undefined if for nothing. */
export function awaited(v: Pod, ctx: PodContext): string | undefined {
  const unplaced = awaitedNode(v, ctx.sections.nodes);
  if (unplaced !== undefined) return unplaced;
  if (usesClusterDns(v.spec) && ctx.dnsServiceIP === undefined) {
    return 'the Service kube-system/kube-dns has no ClusterIP';
  }
  const claim = awaitedClaim(v);
  if (claim !== undefined) return `the resource claim ${claim} has not been made from its template`;
  return undefined;
}

/** A kubelet never starts a pod whose full name is too long for a host name, and says so too late. */
function refusedFullHostname(v: Pod, ctx: PodContext): Refusal | undefined {
  const name = v.spec.setHostnameAsFQDN === true ? fullHostname(v, ctx) : undefined;
  if (name === undefined || name.length <= MAX_HOST_NAME) return undefined;
  const field = 'spec.setHostnameAsFQDN';
  return {
    field,
    message: `${field}: ${name} has ${name.length} characters, and a host name at most ${MAX_HOST_NAME}`,
  };
}

function refusedHelperName(v: Pod, ctx: PodContext): Refusal | undefined {
  if (!needsHostsFile(v, ctx)) return undefined;
  const { containers, initContainers = [], ephemeralContainers = [], volumes = [] } = v.spec;
  const isTaken = ({ name }: { readonly name: string }) => name === HOSTS_HELPER;
  if (volumes.some(isTaken)) return reservedName('spec.volumes');
  return [...containers, ...initContainers, ...ephemeralContainers].some(isTaken)
    ? reservedName('spec.containers')
    : undefined;
}

function reservedName(field: string): Refusal {
  return { field, message: `${field}: the name ${HOSTS_HELPER} is reserved in pods with a subdomain` };
}
