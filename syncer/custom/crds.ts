import type { CustomResourcesSection } from '../../lib/contract';
import { Controller } from '../engine/controller';
import type { Declaration, DeclaredParts } from '../engine/declaration';
import type { Outcome } from '../engine/kind';
import type { SideRegistry } from '../engine/side-registry';
import type { WiredKind } from '../engine/wire';
import { RESOURCES } from '../kube/resources';
import { type DefinitionSides, DefinitionSync, type ExpectedKind } from './definition-sync';
import type { CustomResourceDefinition } from './types';

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
export function definitionSides(sides: SideRegistry, name: string): DefinitionSides {
  return {
    host: sides.single<CustomResourceDefinition>('host', customResourceDefinitions, name),
    virtual: sides.single<CustomResourceDefinition>('virtual', customResourceDefinitions, name),
  };
}

const NAME = 'customresourcedefinitions';

function wireDefinitions(
  opened: ReadonlyMap<string, DefinitionSides>,
  expected: ReadonlyMap<string, ExpectedKind>,
  { report, recorder }: DeclaredParts,
): WiredKind {
  const definitions = new Map(
    [...opened].map(([name, sides]) => [name, new DefinitionSync(name, sides, expected.get(name), recorder)]),
  );
  const reconcile = async (name: string): Promise<Outcome> =>
    (await definitions.get(name)?.reconcile()) ?? { kind: 'unchanged' };
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

function expectedKinds({ toHost, fromHost }: CustomResourcesSection): ReadonlyMap<string, ExpectedKind> {
  return new Map<string, ExpectedKind>([
    ...toHost.map((rule) => [`${rule.plural}.${rule.group}`, { ...rule, namespaced: true }] as const),
    ...fromHost.map(
      (rule) => [`${rule.plural}.${rule.group}`, { ...rule, namespaced: rule.scope === 'namespaced' }] as const,
    ),
  ]);
}
