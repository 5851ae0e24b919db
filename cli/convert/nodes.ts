import type { Claims } from './claims';
import { patchesOf } from './patches-rule';
import { flags, texts } from './readers';
import { elsewhere, enabled, group, type Rule, unsupported } from './rules';
import type { Path } from './tree';

const NODES: Path = ['sync', 'fromHost', 'nodes'];
const SCHEDULER: Path = ['controlPlane', 'distro', 'k8s', 'scheduler'];
const VIRTUAL_SCHEDULER: Path = ['controlPlane', 'advanced', 'virtualScheduler'];

/** Which nodes there are, and who places pods: said at three places of a values file, and at one here. */
export function convertNodes(claims: Claims): void {
  const real = enabled(claims.read(NODES));
  const own = enabled(claims.read(SCHEDULER)) || enabled(claims.read(VIRTUAL_SCHEDULER));
  if (real || own) convertRealNodes(claims, own);
  else claims.note('default', [...NODES, 'enabled'], 'nodes without the facts of the host are the default here');
  if (!real && !own) claims.note('notNeeded', [...NODES, 'selector', 'labels'], 'real nodes are switched off');
  if (!real && !own) claims.note('notNeeded', [...NODES, 'selector', 'all'], 'real nodes are switched off');
  convertScheduler(claims, own);
  convertWriting(claims);
}

function convertRealNodes(claims: Claims, own: boolean): void {
  const selectorPath = [...NODES, 'selector'];
  const labels = claims.read([...selectorPath, 'labels']);
  const all = claims.read([...selectorPath, 'all']) === true;
  const selected = labels !== undefined;
  // A scheduler must know all nodes that it may choose, not only those in use.
  const always = all || own;
  const mode = selected ? (always ? 'selected' : 'selectedInUse') : always ? 'all' : 'realInUse';
  claims.set([...NODES, 'enabled'], ['nodes', 'mode'], mode);
  if (selected) claims.set([...selectorPath, 'labels'], ['nodes', 'selector'], texts(labels));
  else claims.note('default', [...selectorPath, 'labels'], 'is empty');
  if (all) claims.set([...selectorPath, 'all'], ['nodes', 'mode'], mode);
  else claims.note('default', [...selectorPath, 'all'], 'is part of nodes.mode');
}

function convertScheduler(claims: Claims, own: boolean): void {
  for (const place of [SCHEDULER, VIRTUAL_SCHEDULER]) {
    if (enabled(claims.read(place))) claims.set([...place, 'enabled'], ['nodes', 'scheduling', 'by'], 'own');
    else claims.note('default', [...place, 'enabled'], 'the scheduler of the host places the pods here too');
  }
  const extraArgs = [...SCHEDULER, 'extraArgs'];
  const given = claims.read(extraArgs);
  if (given === undefined) claims.note('default', extraArgs, 'is empty');
  else if (own) claims.set(extraArgs, ['nodes', 'scheduling', 'extraArgs'], flags(given));
  else claims.note('notNeeded', extraArgs, 'there is no scheduler in the virtual cluster');
}

function convertWriting(claims: Claims): void {
  const back = [...NODES, 'syncBackChanges'];
  if (claims.read(back) === true)
    claims.note(
      'unsupported',
      back,
      'name the keys that tenants may write to nodes of the host: nodes.toHost.labels and nodes.toHost.taints',
    );
  else claims.note('default', back, 'tenants write nothing to nodes of the host here either');
  const images = [...NODES, 'clearImageStatus'];
  if (claims.read(images) === true) claims.note('default', images, 'images on nodes are hidden, see nodes.hide.images');
  else claims.note('default', images, 'images on nodes are hidden here unless nodes.hide.images is false');
}

/** `sync.fromHost.nodes` as far as {@link convertNodes} leaves it. */
export const nodesRule: Rule = group({
  enabled: elsewhere,
  syncBackChanges: elsewhere,
  clearImageStatus: elsewhere,
  selector: group({ all: elsewhere, labels: elsewhere }),
  patches: patchesOf,
});

/** `controlPlane.distro.k8s.scheduler` as far as {@link convertNodes} leaves it. */
export const schedulerRule: Rule = group({
  enabled: elsewhere,
  extraArgs: elsewhere,
  command: unsupported("the scheduler's program can't be replaced; nodes.scheduling.extraArgs adds flags"),
  image: unsupported('name the whole image in images.scheduler'),
  imagePullPolicy: unsupported('images.pullPolicy holds for all images'),
});
