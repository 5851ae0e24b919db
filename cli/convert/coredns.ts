import type { Claims } from './claims';
import { resources, text } from './readers';
import { always, elsewhere, group, moved, notNeeded, type Rule, unsupported } from './rules';
import { isEmpty, type Path } from './tree';

const COREDNS: Path = ['controlPlane', 'coredns'];
const PLAIN = "CoreDNS' Deployment and Service are as they are; tenants can change them inside of the virtual cluster";

/** `controlPlane.coredns` as far as {@link convertCoredns} leaves it. */
export const coredns: Rule = group({
  enabled: always(
    true,
    'there is always DNS',
    "DNS can't be left out: pods of the virtual cluster are told its address",
  ),
  embedded: elsewhere,
  overwriteConfig: unsupported('names and upstream servers are declared: dns.names, dns.upstream, dns.forwardToHost'),
  overwriteManifests: unsupported(
    'names and upstream servers are declared: dns.names, dns.upstream, dns.forwardToHost',
  ),
  priorityClassName: unsupported('sync.toHost.pods.priorityClasses.default holds for all pods'),
  security: notNeeded('it runs without root, with a read-only file system'),
  service: group({
    annotations: unsupported(PLAIN),
    labels: unsupported(PLAIN),
    spec: unsupported(PLAIN, { type: 'ClusterIP' }),
  }),
  deployment: group({
    replicas: elsewhere,
    resources: elsewhere,
    image: moved('images.coredns', text),
    annotations: unsupported(PLAIN),
    labels: unsupported(PLAIN),
    pods: group({ annotations: unsupported(PLAIN), labels: unsupported(PLAIN) }),
    nodeSelector: unsupported('sync.toHost.pods.enforceNodeSelector holds for all pods'),
    tolerations: unsupported('sync.toHost.pods.enforceTolerations holds for all pods'),
    affinity: unsupported(PLAIN),
    topologySpreadConstraints: notNeeded('pods are spread over nodes and zones'),
  }),
});

/** What depends on whether CoreDNS or the syncer answers. */
export function convertCoredns(claims: Claims): void {
  const embedded = claims.read([...COREDNS, 'embedded']) === true;
  if (embedded) claims.set([...COREDNS, 'embedded'], ['dns', 'mode'], 'embedded');
  else claims.note('default', [...COREDNS, 'embedded'], 'CoreDNS in pods of its own is the default here');
  for (const [key, read, same] of [
    ['replicas', (value: unknown) => value, 1],
    ['resources', resources, undefined],
  ] as const) {
    const from = [...COREDNS, 'deployment', key];
    const value = claims.read(from);
    if (embedded) claims.note('notNeeded', from, 'the syncer itself answers');
    else if (isEmpty(value) || value === same) claims.note('default', from, 'is the default here');
    else claims.set(from, ['dns', key], read(value));
  }
}
