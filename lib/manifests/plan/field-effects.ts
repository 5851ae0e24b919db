import { LABELS } from '../../contract';
import type { Manifest } from '../slot';
import type { Difference } from './differences';
import { kindOf, whyImmutable } from './immutable';
import { isRecord, quantityOf } from './same-value';
import { storeOf } from './store-of';
import type { CurrentManifest, Effect, FieldChange } from './types';

/** An effect, and why. */
export interface Judgement {
  readonly effect: Effect;
  readonly why: string;
}

/** What the change of a field does. */
export function fieldChange(difference: Difference, current: CurrentManifest, desired: Manifest): FieldChange {
  return { ...difference, ...judge(difference, current, desired) };
}

function judge(difference: Difference, current: CurrentManifest, desired: Manifest): Judgement {
  switch (kindOf(current)) {
    case 'StatefulSet.apps':
      return statefulSet(difference, current, desired);
    case 'PersistentVolumeClaim':
      return claim(difference, current, desired);
    default:
      return immutable(difference, current, desired) ?? live(difference, current);
  }
}

function immutable({ path }: Difference, current: CurrentManifest, desired: Manifest): Judgement | undefined {
  const why = whyImmutable(path, current, desired);
  return why === undefined ? undefined : { effect: 'recreate', why };
}

function statefulSet(difference: Difference, current: CurrentManifest, desired: Manifest): Judgement {
  const { path, from, to } = difference;
  const store = storeOf(current);
  const fixed = immutable(difference, current, desired);
  if (fixed !== undefined) {
    const isStore = path.startsWith('spec.volumeClaimTemplates') && (from === undefined || to === undefined);
    const moves = isStore && storeOf(current)?.kind !== storeOf(desired)?.kind;
    if (moves) return { effect: 'dataLoss', why: movedStore(current) };
    if (store?.kind === 'pods') return { effect: 'dataLoss', why: `${fixed.why}, and ${GOES_WITH_POD}` };
    if (store?.kind === 'claims' && !store.kept) {
      const claims = store.claims.join(', ');
      return { effect: 'dataLoss', why: `${fixed.why}, and the volume (claim ${claims}) goes with the StatefulSet` };
    }
    if (store?.kind !== 'claims') return fixed;
    return { effect: 'recreate', why: `${fixed.why}; the claim ${store.claims.join(', ')} stays as it is` };
  }
  if (isOlder(difference)) return { effect: 'dataLoss', why: OLDER };
  if (!path.startsWith('spec.template')) return { effect: 'liveChange', why: 'the pod goes on as it is' };
  if (isElsewhere(difference, current, desired)) return { effect: 'dataLoss', why: movedStore(current) };
  if (store?.kind === 'pods') return { effect: 'dataLoss', why: `the pod starts anew, and ${GOES_WITH_POD}` };
  return { effect: 'restart', why: severalOf(desired) ? ROLLED : "the control plane's pod starts anew" };
}

const ROLLED = "the control plane's pods start anew, one after the other";

function severalOf({ spec }: Manifest): boolean {
  return isRecord(spec) && typeof spec.replicas === 'number' && spec.replicas > 1;
}

/** Whether a field leads a control plane to another store, of which at least one is outside of its pods. */
function isElsewhere({ path }: Difference, current: CurrentManifest, desired: Manifest): boolean {
  if (!/\.containers\[kine\]|\.containers\[kube-apiserver\]\.args/.test(path)) return false;
  const [before, after] = [storeOf(current), storeOf(desired)];
  if (before?.kind === 'outside' && after?.kind === 'outside') return before.place !== after.place;
  return before?.kind !== after?.kind && (before?.kind === 'outside' || after?.kind === 'outside');
}

const OLDER = 'an older API server may not be able to read what the newer one has stored';

/** Whether the API server becomes one of an older minor version. Images without such a version tell nothing. */
function isOlder({ path, from, to }: Difference): boolean {
  if (!path.endsWith('.containers[kube-apiserver].image')) return false;
  const [before, after] = [minorOf(from), minorOf(to)];
  return before !== undefined && after !== undefined && after < before;
}

function minorOf(image: unknown): number | undefined {
  const minor = /:v1\.(\d+)\.\d+/.exec(String(image))?.[1];
  return minor === undefined ? undefined : Number(minor);
}

const GOES_WITH_POD = 'its store goes with the pod';

function movedStore(current: CurrentManifest): string {
  const store = storeOf(current);
  if (store?.kind === 'outside') return `the new store starts empty or as it was left, and ${store.place} stays behind`;
  if (store?.kind !== 'claims') return 'the new store starts empty, and what the pod holds is lost';
  const rest = store.kept ? 'stays behind' : 'is deleted';
  return `the new store starts empty, and the volume (claim ${store.claims.join(', ')}) ${rest}`;
}

function claim(difference: Difference, current: CurrentManifest, desired: Manifest): Judgement {
  const fixed = immutable(difference, current, desired);
  if (fixed !== undefined) return { effect: 'dataLoss', why: `${fixed.why}, and its volume goes with it` };
  const [before = 0, after = 0] = [quantityOf(difference.from), quantityOf(difference.to)];
  if (difference.path.startsWith('spec.resources.requests') && after < before)
    return { effect: 'dataLoss', why: 'a volume can not shrink: it would have to be made anew' };
  return { effect: 'liveChange', why: 'the volume goes on as it is' };
}

function live({ path }: Difference, current: CurrentManifest): Judgement {
  const section = current.metadata.labels?.[LABELS.section];
  if (section !== undefined && path.startsWith('data')) return sectionChange(section, path);
  return { effect: 'liveChange', why: LIVE[kindOf(current)] ?? 'it takes effect at once' };
}

/** The syncer begins anew with a changed section, in the same process: see `RunEnd` in the syncer. */
function sectionChange(section: string, path: string): Judgement {
  if (READ_AT_START.some((field) => path.endsWith(`.${field}`)))
    return { effect: 'restart', why: 'it is read when the pod starts: delete the pod to bring it into force' };
  const why = `the syncer takes it in within seconds (section ${section}); logs, exec and port-forward sessions break off`;
  return { effect: 'liveChange', why };
}

/** Fields of the core section that the init container alone reads. */
const READ_AT_START = ['serviceCidr'];

const LIVE: { readonly [kind: string]: string } = {
  Service: 'traffic follows at once',
  ServiceAccount: 'it counts for new pods',
  'Role.rbac.authorization.k8s.io': 'rights change at once',
  'RoleBinding.rbac.authorization.k8s.io': 'rights change at once',
  'ClusterRole.rbac.authorization.k8s.io': 'rights change at once',
  'ClusterRoleBinding.rbac.authorization.k8s.io': 'rights change at once',
};
