import type { Manifest } from '../slot';
import { type Difference, differences } from './differences';
import { fieldChange, type Judgement } from './field-effects';
import { kindOf } from './immutable';
import { noLongerDeclared } from './no-longer-declared';
import { storeOf } from './store-of';
import {
  type CurrentManifest,
  EFFECTS,
  type Effect,
  type Plan,
  type PlannedChange,
  type PlannedObject,
  type PlanOptions,
} from './types';

/**
 * What has to change so that what is there becomes what is declared. Pure: nothing is asked of a server.
 * @param desired what is declared, as {@link generate} gives it
 * @param current what is there, as an API server or an earlier declaration gives it
 */
export function planChanges(
  desired: readonly Manifest[],
  current: readonly CurrentManifest[],
  options: PlanOptions = {},
): Plan {
  const found = new Map(current.map((object) => [keyOf(object), object]));
  const wanted = new Set(desired.map(keyOf));
  const leaving = current.filter((object) => !wanted.has(keyOf(object)));
  const arriving = desired.filter((object) => !found.has(keyOf(object)));
  const changes = [
    ...desired.map((object) => {
      const before = found.get(keyOf(object));
      return before === undefined ? created(object) : changed(object, before, options);
    }),
    ...leaving.map((object) => deleted(object, leaving, arriving)),
  ].sort((one, other) => EFFECTS.indexOf(one.effect) - EFFECTS.indexOf(other.effect));
  return { changes, summary: summaryOf(changes) };
}

function created(object: Manifest): PlannedChange {
  return { object: namesOf(object), effect: 'create', why: 'it does not exist', fields: [] };
}

function changed(desired: Manifest, current: CurrentManifest, options: PlanOptions): PlannedChange {
  const fields = allDifferences(desired, current, options).map((one) => fieldChange(one, current, desired));
  const gravest = [...fields].sort((one, other) => EFFECTS.indexOf(one.effect) - EFFECTS.indexOf(other.effect))[0];
  const { effect, why }: Judgement = gravest ?? { effect: 'none', why: 'it is as declared' };
  return { object: namesOf(desired), effect, why, fields };
}

function allDifferences(
  desired: Manifest,
  current: CurrentManifest,
  { current: origin = 'running', fieldManager = 'sublet' }: PlanOptions,
): readonly Difference[] {
  if (origin === 'declared') return differences(desired, current, 'all');
  const declared = differences(desired, current, 'declared');
  const known = new Set(declared.map(({ path }) => path));
  return [...declared, ...noLongerDeclared(desired, current, fieldManager).filter(({ path }) => !known.has(path))];
}

function deleted(
  object: CurrentManifest,
  leaving: readonly CurrentManifest[],
  arriving: readonly Manifest[],
): PlannedChange {
  return { object: namesOf(object), ...departure(object, leaving, arriving), fields: [] };
}

/** What goes with an object that is declared no more. */
function departure(
  object: CurrentManifest,
  leaving: readonly CurrentManifest[],
  arriving: readonly Manifest[],
): Judgement {
  const kind = kindOf(object);
  if (kind === 'Namespace') return { effect: 'dataLoss', why: 'everything in the namespace goes with it' };
  if (kind === 'PersistentVolumeClaim') return { effect: 'dataLoss', why: 'its volume goes with it' };
  const store = kind === 'StatefulSet.apps' ? storeOf(object) : undefined;
  if (store === undefined) return { effect: 'delete', why: 'it is declared no more' };
  if (store.kind === 'outside') return { effect: 'delete', why: `it is declared no more; ${store.place} stays` };
  const { namespace: home } = object.metadata;
  if (leaving.some((one) => kindOf(one) === 'Namespace' && one.metadata.name === home))
    return { effect: 'dataLoss', why: 'it goes with its namespace, and its data too' };
  if (store.kind === 'pods') return { effect: 'dataLoss', why: 'its store goes with the pod' };
  const claims = store.claims.join(', ');
  if (!store.kept) return { effect: 'dataLoss', why: `its volume (claim ${claims}) goes with it` };
  const successor = arriving.find((one) => kindOf(one) === kind);
  if (successor === undefined) return { effect: 'delete', why: `it is declared no more; its claim ${claims} stays` };
  const { name, namespace } = successor.metadata;
  return {
    effect: 'dataLoss',
    why: `${namespace}/${name} takes its place and starts empty; the claim ${claims} stays`,
  };
}

function summaryOf(changes: readonly PlannedChange[]): Plan['summary'] {
  const count = (effect: Effect) => changes.filter((change) => change.effect === effect).length;
  return {
    dataLoss: count('dataLoss'),
    recreate: count('recreate'),
    restart: count('restart'),
    liveChange: count('liveChange'),
    create: count('create'),
    delete: count('delete'),
    none: count('none'),
  };
}

function namesOf({ apiVersion, kind, metadata: { name, namespace } }: CurrentManifest): PlannedObject {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}

/** Versions of one kind are the same object. */
function keyOf(object: CurrentManifest): string {
  return `${kindOf(object)} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
