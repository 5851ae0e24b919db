import type { CustomResourceFromHostRule, CustomResourceToHostRule } from '../../lib/contract';
import { type Declaration, type DeclarationSource, toHost, toVirtual } from '../engine/declaration';
import { mergePatch } from '../engine/diff';
import type { HostScope } from '../engine/import-source';
import type { SyncedKind } from '../engine/kind';
import { ownership } from '../engine/ownership';
import type { SideRegistry } from '../engine/side-registry';
import type { Change, ClusterContext } from '../engine/types';
import type { KubeObject, Resource } from '../kube/types';
import { definitionSides } from './crds';
import { versionOf } from './definition';
import { shownCustomKind } from './from-host';
import { fieldsPatch } from './kept-fields';
import { indexed, namedObjects, referencedResource, resourceOf } from './references';
import { type StatusFacts, statusToVirtual } from './status';
import { isStatus, sealedFields, toHostCustomResource } from './to-host';
import type { CustomResource } from './types';

/** The custom kinds that the declaration names. */
export const CUSTOM_KINDS: DeclarationSource = ({ sections }) => [
  ...sections['custom-resources'].toHost.map(copied),
  ...sections['custom-resources'].fromHost.map(shown),
];

function copied(rule: CustomResourceToHostRule): Declaration {
  return toHost<CustomResource, CustomResource>({
    resource: resourceOf(rule),
    enabled: () => true,
    crds: [definitionOf(rule)],
    virtualCache: { optional: true },
    hostCache: { optional: true },
    kind: (context, sides) => customKind(rule, context, sides),
  });
}

/** A custom kind that is copied to the host. */
function customKind(
  rule: CustomResourceToHostRule,
  context: ClusterContext,
  sides: SideRegistry,
): SyncedKind<CustomResource, CustomResource> {
  const definition = definitionSides(sides, definitionOf(rule)).virtual;
  const lookup = lookupIn(rule, context, sides);
  return {
    resource: resourceOf(rule),
    trigger: 'always',
    shownAnnotations: rule.annotations.toVirtual,
    references: (virtual) => indexed(namedObjects(virtual, rule.references, (path) => !isStatus(path)).named, context),
    translate: (virtual) => toHostCustomResource(virtual, rule, context),
    sealed: (object) => sealedFields(object, rule),
    changes: (desired, current) => customChanges(desired, current, rule),
    back(host, virtual) {
      const version = versionOf(definition.get(definitionOf(rule)), rule.version);
      return statusToVirtual(host, virtual, {
        rule,
        context,
        hasSubresource: version?.subresources?.status !== undefined,
        lookup,
      });
    },
  };
}

/** The writes that bring a host copy in line, its metadata and the declared fields in one patch. */
export function customChanges(
  desired: CustomResource,
  current: CustomResource,
  rule: CustomResourceToHostRule,
): readonly Change[] {
  const fields = fieldsPatch(desired, current, rule.fields, current.metadata.annotations ?? {});
  const patch = { ...mergePatch(desired, current, []), ...fields };
  return Object.keys(patch).length === 0 ? [] : [{ kind: 'patch', patch }];
}

/** Finds the virtual objects behind the names in a status. */
function lookupIn(rule: CustomResourceToHostRule, context: ClusterContext, sides: SideRegistry): StatusFacts['lookup'] {
  const named = rule.references.filter(({ path }) => isStatus(path)).map(({ kind }) => kind);
  // Where claims are not copied there is none to find, and no right to look: a watch would be waited for without end.
  const hasClaims = context.sections.sync.toHost.persistentVolumeClaims.enabled;
  const kinds = new Set(named.filter((kind) => kind !== 'persistentVolumeClaims' || hasClaims));
  const caches = new Map(
    [...kinds].flatMap((kind) => {
      const resource = referencedResource(kind, context);
      const shape = kind.includes('.') ? { optional: true } : {};
      return resource === undefined ? [] : [[idOf(resource), sides.host<KubeObject>(resource, shape)] as const];
    }),
  );
  return (resource, hostNamespace, hostName) => {
    const found = caches.get(idOf(resource))?.get(`${hostNamespace}/${hostName}`);
    const owner = found === undefined ? undefined : ownership(found, context);
    return owner?.kind === 'ours' ? owner.key : undefined;
  };
}

function shown(rule: CustomResourceFromHostRule): Declaration {
  const resource = resourceOf(rule, rule.scope === 'namespaced');
  const scopes: readonly HostScope[] = rule.scope === 'cluster' ? [{}] : rule.mappings.map(({ from }) => from);
  return toVirtual<CustomResource, CustomResource>({
    resource,
    enabled: () => true,
    crds: [definitionOf(rule)],
    hostScopes: scopes,
    virtualCache: { optional: true },
    hostCache: () => ({ optional: true }),
    kind(_, sides) {
      const definition = definitionSides(sides, definitionOf(rule)).virtual;
      return shownCustomKind(
        rule,
        () => versionOf(definition.get(definitionOf(rule)), rule.version)?.subresources?.status !== undefined,
      );
    },
  });
}

/** Kinds of different groups may share a plural. */
function idOf({ plural, group }: Resource): string {
  return `${plural}.${group}`;
}

function definitionOf({ plural, group }: { readonly plural: string; readonly group: string }): string {
  return `${plural}.${group}`;
}
