import type { Draft } from './draft';
import { asIs, text } from './readers';
import { group, moved, notNeeded, type Rule, unsupported } from './rules';
import { isEmpty, isTree, type Path, type Tree } from './tree';

/** `networking`. */
export const networking: Rule = group({
  serviceCIDR: moved('networking.serviceCidr', text),
  podCIDR: notNeeded('pods have addresses of the host'),
  replicateServices: group({ toHost: services('toHost'), fromHost: services('fromHost') }),
  advanced: group({
    clusterDomain: moved('networking.clusterDomain', text, 'cluster.local'),
    fallbackHostCluster: moved('dns.forwardToHost', asIs, false),
    proxyKubelets: notNeeded('each node has a Service, by whose address and name its kubelet API is reached'),
  }),
  resolveDNS,
});

/** `{ from: 'namespace/name', to: 'namespace/name' }`; without a namespace on the host it is the virtual cluster's own. */
function services(direction: 'toHost' | 'fromHost'): Rule {
  return each((entry, from, index, draft) => {
    const [source, target] = [place(entry.from), place(entry.to)];
    if (source === undefined || target === undefined) {
      draft.note('unknown', from, 'is not { from, to }, each namespace/name');
      return;
    }
    const [virtual, host] = direction === 'toHost' ? [source, target] : [target, source];
    draft.set(from, ['serviceMappings', direction, index], { virtual: { namespace: 'default', ...virtual }, host });
  });
}

function place(value: unknown): { readonly namespace?: string; readonly name: string } | undefined {
  if (typeof value !== 'string') return undefined;
  const [first = '', second] = value.split('/');
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

/** Names that lead elsewhere. Whole namespaces and other virtual clusters can't be meant. */
function resolveDNS(value: unknown, from: Path, draft: Draft): void {
  let count = 0;
  each((entry, path) => {
    const name = nameOf(entry, draft);
    const to = targetOf(isTree(entry.target) ? entry.target : {});
    if (name === undefined || to === undefined)
      draft.note(
        'unsupported',
        path,
        'dns.names maps single names to a host Service, another name or addresses; whole domains, namespaces and Services of other virtual clusters are not mapped',
      );
    else draft.set(path, ['dns', 'names', count++], { name, to });
  })(value, from, draft);
}

function nameOf({ hostname, service }: Tree, draft: Draft): string | undefined {
  if (typeof hostname === 'string') return hostname.startsWith('*') ? undefined : hostname;
  const named = place(service);
  if (named?.namespace === undefined) return undefined;
  const domain = draft.get(['networking', 'clusterDomain']);
  return `${named.name}.${named.namespace}.svc.${typeof domain === 'string' ? domain : 'cluster.local'}`;
}

function targetOf(target: Tree): unknown {
  const service = place(target.hostService);
  if (service?.namespace !== undefined) return { kind: 'hostService', ...service };
  if (typeof target.ip === 'string') return { kind: 'addresses', addresses: [target.ip] };
  if (typeof target.hostname === 'string') return { kind: 'name', name: target.hostname };
  return undefined;
}

function each(convert: (entry: Tree, from: Path, index: number, draft: Draft) => void): Rule {
  return (value, from, draft) => {
    if (isEmpty(value)) return draft.note('default', from, 'is empty');
    if (!Array.isArray(value)) return draft.note('unknown', from, 'is not a list, as vCluster wants it');
    value.forEach((entry: unknown, index) => {
      convert(isTree(entry) ? entry : {}, [...from, index], index, draft);
    });
  };
}

/** `serviceCIDR` at the top, where vCluster had it before. */
export const formerServiceCidr: Rule = moved('networking.serviceCidr', text);

/** The address in the kubeconfig, unless the endpoint says the same. Where it says another, that of the endpoint counts. */
const server: Rule = (value, from, draft) => {
  const hostname = draft.get(['endpoint', 'hostname']);
  if (!isEmpty(value) && (value === `https://${hostname}` || value === `https://${hostname}:443`))
    draft.note('default', from, 'is the address of the endpoint');
  else moved('kubeconfig.server', text)(value, from, draft);
};

/** `exportKubeConfig`. */
export const exportKubeConfig: Rule = group({
  server,
  context: unsupported('sublet connect names the context: vcluster_<name>_<namespace>_<context of the host>'),
  insecure: unsupported('the certificate is always checked: put the name in controlPlane.extraSans', false),
  serviceAccount: unsupported(
    'the Secret holds the kubeconfig of an administrator; make a ServiceAccount in the virtual cluster for others',
    { name: '', namespace: '', clusterRole: '' },
  ),
  secret: unsupported('the kubeconfig is in the Secret vc-<name>; copy it from there', { name: '', namespace: '' }),
  additionalSecrets: unsupported('the kubeconfig is in the Secret vc-<name>; copy it from there'),
});
