import type { CustomResourcesSection } from '../../lib/contract';
import { Controller } from '../engine/controller';
import type { Declaration, DeclaredParts } from '../engine/declaration';
import type { Outcome } from '../engine/kind';
import type { Side } from '../engine/side';
import type { SideRegistry } from '../engine/side-registry';
import type { WiredKind } from '../engine/wire';
import { RESOURCES } from '../kube/resources';
import { decideDefinition, versionOf } from './definition';
import type { CustomResourceDefinition } from './types';

/** What the declaration takes a custom kind to be. Kinds of features are taken as the host has them. */
export interface ExpectedKind {
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

interface Sides {
  readonly host: Side<CustomResourceDefinition>;
  readonly virtual: Side<CustomResourceDefinition>;
}

const { customResourceDefinitions } = RESOURCES;

/**
 * Declares that the CustomResourceDefinitions of these names are copied from the host and kept in step. None is ever
 * deleted in the virtual cluster, not even when the host gives it up, for all of the tenant's objects would go with it.
 */
export function copiedDefinitions(names: readonly string[], custom: CustomResourcesSection): readonly Declaration[] {
  const all = [...new Set(names)];
  if (all.length === 0) return [];
  return [
    {
      name: NAME,
      enabled: () => true,
      open(sides) {
        const opened = new Map(all.map((name) => [name, definitionSides(sides, name)]));
        return { watched: [], wire: (parts) => wireDefinitions(opened, expectedKinds(custom), parts) };
      },
    },
  ];
}

/** Both sides of one definition. */
export function definitionSides(sides: SideRegistry, name: string): Sides {
  return {
    host: sides.single<CustomResourceDefinition>('host', customResourceDefinitions, name),
    virtual: sides.single<CustomResourceDefinition>('virtual', customResourceDefinitions, name),
  };
}

const NAME = 'customresourcedefinitions';

function wireDefinitions(
  opened: ReadonlyMap<string, Sides>,
  expected: ReadonlyMap<string, ExpectedKind>,
  { report, recorder }: DeclaredParts,
): WiredKind {
  const settled = new Map<string, string>();
  const reconcile = async (name: string): Promise<Outcome> => {
    const sides = opened.get(name);
    if (sides === undefined) return { kind: 'unchanged' };
    const host = sides.host.get(name);
    const problem = host === undefined ? 'DefinitionMissing' : mismatch(host, expected.get(name));
    if (host === undefined || problem !== undefined) return { kind: 'refused', reason: problem ?? '' };
    const current = sides.virtual.get(name);
    const versions = `${host.metadata.resourceVersion}/${current?.metadata.resourceVersion}`;
    // An older API server drops fields that it does not know: writing them again would change nothing.
    if (settled.get(name) === versions) return { kind: 'unchanged' };
    const decision = decideDefinition(host, current, expected.get(name)?.version);
    switch (decision.kind) {
      case 'nothing':
        return { kind: 'unchanged' };
      case 'differs':
        if (current !== undefined) recorder.warn(customResourceDefinitions, current, 'DefinitionDiffers', DIFFERS);
        return { kind: 'conflict', reason: 'DefinitionDiffers' };
      case 'create':
        await sides.virtual.create(decision.object);
        return { kind: 'created' };
      case 'patch': {
        const { metadata } = await sides.virtual.patch(name, decision.patch);
        settled.set(name, `${host.metadata.resourceVersion}/${metadata.resourceVersion}`);
        return { kind: metadata.resourceVersion === current?.metadata.resourceVersion ? 'unchanged' : 'patched' };
      }
    }
  };
  const controller = new Controller({ name: NAME, report, workers: 2, reconcile });
  for (const [name, { host, virtual }] of opened) {
    host.cache.subscribe(() => controller.enqueue(name));
    virtual.cache.subscribe(() => controller.enqueue(name));
  }
  return {
    controller,
    keys: () => opened.keys(),
    async reconcileNow(name) {
      await reconcile(name);
    },
  };
}

const DIFFERS =
  'The host cluster has another definition of this kind than the one that was installed here, which is left alone. ' +
  'Objects that only this one allows can not be copied.';

function expectedKinds({ toHost, fromHost }: CustomResourcesSection): ReadonlyMap<string, ExpectedKind> {
  return new Map<string, ExpectedKind>([
    ...toHost.map((rule) => [`${rule.plural}.${rule.group}`, { ...rule, namespaced: true }] as const),
    ...fromHost.map(
      (rule) => [`${rule.plural}.${rule.group}`, { ...rule, namespaced: rule.scope === 'namespaced' }] as const,
    ),
  ]);
}

/** In what the host's definition is not what was declared, as the reason in the log. */
function mismatch(host: CustomResourceDefinition, expected: ExpectedKind | undefined): string | undefined {
  if (expected === undefined) return undefined;
  if (host.spec.names.kind !== expected.kind) return 'DefinitionOfAnotherKind';
  if ((host.spec.scope === 'Namespaced') !== expected.namespaced) return 'DefinitionOfAnotherScope';
  return versionOf(host, expected.version)?.served === true ? undefined : 'DefinitionWithoutVersion';
}
