import type { ResolvedSpec } from '../../lib/spec';
import { placing } from '../../syncer/engine/placement';
import { ReferenceIndex } from '../../syncer/engine/references';
import type { ClusterContext, Reference, Translation } from '../../syncer/engine/types';
import { type KubeObject, keyOf } from '../../syncer/kube/types';
import { createPatches } from '../../syncer/patches/patches';
import { podReferences } from '../../syncer/pods/references';
import type { Pod } from '../../syncer/pods/types';
import { standIn } from '../../syncer/services/mapping/kinds';
import { mirroredService } from '../../syncer/services/mapping/mirror';
import { assumedClasses, assumedVirtual, classAssumptions } from './assumed';
import { changesOnTheWay } from './changes';
import { contextOf } from './cluster-context';
import { type Entry, entriesOf } from './entries';
import { guarded } from './guarded';
import { isPod, kindOf, kindOfResource } from './kind-of';
import { OfflineSides } from './offline/offline-sides';
import { OPTION_OF_KIND, optionOfRefusal } from './options';
import { type PodTranslator, podTranslator } from './pods';
import { type ExplainedKind, syncedKinds } from './synced-kinds';
import type { Explanation, GivenObject, NamedObject } from './types';
import { isWorkload } from './workloads';

/** What {@link explainManifests} takes. */
export interface ExplainOptions {
  /** Virtual namespace of objects that name none. @default 'default' */
  readonly namespace?: string;
}

/** What all objects are explained with. */
interface Parts {
  readonly spec: ResolvedSpec;
  readonly context: ClusterContext;
  readonly kinds: ReadonlyMap<string, ExplainedKind>;
  readonly pods: PodTranslator;
  readonly references: ReferenceIndex;
  /** Ids of the objects that were given or are made of them. */
  readonly known: ReadonlySet<string>;
}

/**
 * What a virtual cluster's host would get of its tenant's objects, by the translations of the syncer itself. No cluster
 * is asked: the host is taken to hold nothing yet, and what objects refer to is taken to exist.
 * @throws SubletError `MANIFEST_INVALID` for an object whose fields have a form that can't be translated
 */
export function explainManifests(
  given: readonly GivenObject[],
  spec: ResolvedSpec,
  { namespace = 'default' }: ExplainOptions = {},
): readonly Explanation[] {
  const entries = entriesOf(given, spec, namespace);
  const objects = entries.map(({ virtual }) => virtual);
  const virtual = [...assumedVirtual(objects, spec), ...objects];
  const patches = createPatches(spec.sections['custom-resources'].patches, () => context, { warn: () => {} });
  const namespaces = virtual.filter((object) => kindOf(object) === 'Namespace');
  const context: ClusterContext = contextOf(spec, namespaces, patches);
  try {
    const sides = new OfflineSides({ virtual, foreign: assumedClasses(objects, spec) }, context);
    const parts: Parts = {
      spec,
      context,
      kinds: syncedKinds(context, sides),
      pods: podTranslator(context, sides),
      references: new ReferenceIndex(),
      known: new Set(objects.map(idOf)),
    };
    for (const entry of entries)
      parts.references.set(
        idOf(entry.virtual),
        namespaceOf(entry),
        guarded(entry.given, () => referencesOf(entry, parts)),
      );
    return entries.map((entry) => guarded(entry.given, () => explain(entry, parts)));
  } finally {
    patches?.close();
  }
}

function explain(entry: Entry, parts: Parts): Explanation {
  const { virtual, given, template } = entry;
  const base = { source: given.source, object: namesOf(given.object), ...(template && { template }), ...NOTHING };
  if (placing(virtual.metadata.namespace, parts.context) === 'never') {
    return { ...base, reason: 'its virtual namespace has no host namespace', option: 'namespaces' };
  }
  if (isPod(virtual)) return explainPod(entry, virtual, base, parts);
  const kind = parts.kinds.get(kindOf(virtual));
  if (kind === undefined) return { ...base, ...notSynced(virtual) };
  if (kind.trigger === 'referenced' && !isWanted(virtual, kind, parts)) {
    const option = `sync.toHost.${virtual.kind === 'Secret' ? 'secrets' : 'configMaps'}.all`;
    return { ...base, reason: 'nothing in these files that reaches the host refers to it', option };
  }
  return { ...base, ...outcomeOf(entry, kind.translate(virtual), parts) };
}

function explainPod(entry: Entry, pod: Pod, base: Explanation, parts: Parts): Explanation {
  const whole = isWorkload(entry.given.object)
    ? { reason: `the ${base.object.kind} itself stays in the virtual cluster; this is one of its pods` }
    : {};
  const explained = outcomeOf(entry, parts.pods.translate(pod), parts);
  const all = parts.pods.refusals(pod);
  const refusals =
    explained.outcome === 'refused' && all.length > 0
      ? all.map(({ field, message, reason }) => refusalOf(field, reason, message))
      : (explained.refusals ?? []);
  const companions = explained.outcome === 'copied' ? parts.pods.companions(pod) : [];
  const hostObjects = [...(explained.hostObjects ?? []), ...companions];
  return { ...base, ...whole, ...explained, refusals, hostObjects };
}

type Explained = Partial<Explanation> & Pick<Explanation, 'outcome'>;

function outcomeOf(entry: Entry, translation: Translation<KubeObject>, parts: Parts): Explained {
  switch (translation.kind) {
    case 'skip':
      return { outcome: 'virtualOnly', reason: translation.reason };
    case 'wait':
      return { outcome: 'waiting', reason: translation.reason, assumptions: assumptionsOf(entry, parts) };
    case 'refused': {
      const { field, reason, message } = translation;
      return { outcome: 'refused', refusals: [refusalOf(field, reason, message)] };
    }
    case 'object':
      return {
        outcome: 'copied',
        hostObjects: [translation.object, ...standIns(entry.virtual, parts)],
        ...changesOnTheWay(compared(entry), translation.object, parts.context, entry.template),
        warnings: translation.warnings ?? [],
        assumptions: assumptionsOf(entry, parts),
      };
  }
}

function refusalOf(path: string, rule: string, message: string): Explanation['refusals'][number] {
  const option = optionOfRefusal(path, rule);
  return { path, rule, message, ...(option !== undefined && { option }) };
}

/** Owners that only explaining has put there are nobody's loss. */
function compared({ virtual, template }: Entry): KubeObject {
  if (template === undefined) return virtual;
  const { ownerReferences: _, ...metadata } = virtual.metadata;
  return { ...virtual, metadata };
}

/** Host Services under given names that stand for a Service. */
function standIns(virtual: KubeObject, { context }: Parts): readonly KubeObject[] {
  if (kindOf(virtual) !== 'Service') return [];
  const { name, namespace } = virtual.metadata;
  return context.sections.services.toHost
    .filter((mapping) => mapping.virtual.name === name && mapping.virtual.namespace === namespace)
    .map((mapping) => mirroredService(virtual, standIn(mapping, virtual, context)));
}

function notSynced(virtual: KubeObject): Explained {
  const option = OPTION_OF_KIND[kindOf(virtual)];
  if (option === undefined)
    return { outcome: 'virtualOnly', reason: 'objects of this kind live in the virtual cluster alone' };
  return { outcome: 'virtualOnly', reason: 'objects of this kind are not copied, as the declaration has it', option };
}

function isWanted(virtual: KubeObject, kind: ExplainedKind, { references }: Parts): boolean {
  return references.isReferenced(kind.resource, keyOf(virtual)) || kind.wants?.(virtual) === true;
}

function referencesOf({ virtual }: Entry, { kinds }: Pick<Parts, 'kinds'>): readonly Reference[] {
  if (isPod(virtual)) return podReferences(virtual);
  return kinds.get(kindOf(virtual))?.references?.(virtual) ?? [];
}

/** What is taken to exist so that the host's object works. */
function assumptionsOf(entry: Entry, parts: Parts): readonly string[] {
  const home = namespaceOf(entry);
  const missing = referencesOf(entry, parts).filter(({ resource, name, namespace = home, optional }) => {
    // Kubernetes itself puts this one into every namespace.
    if (optional || name === 'kube-root-ca.crt') return false;
    return !parts.known.has(`${kindOfResource(resource)} ${namespace}/${name}`);
  });
  return [
    ...missing.map(({ resource, name, namespace = home }) => `${resource.kind} ${namespace}/${name} exists`),
    ...classAssumptions(entry.virtual, parts.spec),
  ];
}

function namespaceOf({ virtual }: Entry): string {
  return virtual.metadata.namespace ?? '';
}

function namesOf({ apiVersion = 'v1', kind = '', metadata: { namespace, name = '' } }: KubeObject): NamedObject {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}

function idOf(object: KubeObject): string {
  return `${kindOf(object)} ${keyOf(object)}`;
}

const NOTHING = {
  outcome: 'virtualOnly',
  hostObjects: [],
  rewritten: [],
  dropped: [],
  added: [],
  refusals: [],
  warnings: [],
  assumptions: [],
} as const;
