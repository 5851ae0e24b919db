import type { KubeObject, ObjectKey, Resource } from '../kube/types';
import { keyOf } from '../kube/types';
import { Controller, type ControllerReport } from './controller';
import { type HostScope, joinSources } from './import-source';
import { ImportSyncer, importName } from './import-syncer';
import type { ImportedKind } from './imported-kind';
import type { SyncedKind } from './kind';
import type { KindSyncerDependencies } from './kind-syncer';
import { patchedImport } from './patching';
import type { Recorder } from './recorder';
import type { Side } from './side';
import type { CacheShape, SideRegistry } from './side-registry';
import type { ClusterContext } from './types';
import { type WiredKind, wireKind } from './wire';

/** A change of another kind, upon which waiting objects are looked at again. */
export interface Waker {
  readonly side: 'virtual' | 'host' | 'foreign';
  readonly resource: Resource;
  /** Of `foreign`: the only namespace that is looked at. @default all */
  readonly namespace?: string;
  /** What its cache keeps, where this is the first to ask for it. @default everything */
  readonly shape?: CacheShape<KubeObject>;
}

/** What a declared kind is told when it is put to work. */
export interface DeclaredParts {
  readonly context: ClusterContext;
  readonly report: ControllerReport;
  readonly common: Pick<
    KindSyncerDependencies<KubeObject, KubeObject>,
    'context' | 'absence' | 'references' | 'recorder' | 'now'
  >;
  readonly recorder: Recorder;
  /** Makes sure that a virtual namespace exists. */
  ensureNamespace(name: string): Promise<void>;
}

/** A kind as the app sees it, whatever its type. */
export interface Declaration {
  /** The name in logs and metrics. */
  readonly name: string;
  /** Whether the configuration asks for it. */
  enabled(context: ClusterContext): boolean;
  /** Names of the CustomResourceDefinitions that the virtual cluster needs for it; they are copied from the host. */
  readonly crds?: readonly string[];
  /** Of a kind that is copied to the host: what it is and how it is translated, for those who only look. */
  readonly copies?: CopiedKind;
  /** Opens the caches that it needs. Called at the start, before any cache is filled. */
  open(sides: SideRegistry, context: ClusterContext): OpenedKind;
}

/** The pure part of a kind that is copied to the host. */
export interface CopiedKind {
  readonly resource: Resource;
  /** Its translation, asked of the caches of `sides` for whatever else it must know. */
  kind(context: ClusterContext, sides: SideRegistry): SyncedKind<KubeObject, KubeObject>;
}

/** Kinds that are known only from the configuration: custom resources, objects of named host namespaces. */
export type DeclarationSource = (context: ClusterContext) => readonly Declaration[];

/** The two sides of a kind that the host tells events about. */
export interface EventSides {
  readonly resource: Resource;
  readonly virtual: Side<KubeObject>;
  readonly host: Side<KubeObject>;
}

/** A kind whose caches are open. */
export interface OpenedKind {
  /** The virtual caches whose deletions count as confirmed when they were seen. Without selectors only. */
  readonly watched: readonly { readonly side: 'virtual'; readonly resource: Resource }[];
  /** Both sides of a kind whose events on the host are shown to the tenant. @default none */
  readonly events?: EventSides;
  /** Puts it to work, once all caches are filled and this syncer leads. */
  wire(parts: DeclaredParts): WiredKind;
}

/** How a kind is copied to the host. */
export interface ToHostDeclaration<V extends KubeObject, H extends KubeObject> {
  readonly resource: Resource;
  /** @default {@link resource} */
  readonly hostResource?: Resource;
  readonly enabled: (context: ClusterContext) => boolean;
  readonly crds?: readonly string[];
  readonly virtualCache?: CacheShape<V>;
  readonly hostCache?: CacheShape<H>;
  /** Upon which changes waiting objects are looked at again. @default none */
  readonly wokenBy?: readonly Waker[];
  /** Upon whose changes in spec, labels or annotations every object is looked at again. @default none */
  readonly dependsOn?: (context: ClusterContext) => readonly Waker[];
  /** The pure part. `sides` gives the caches of whatever else its functions must know; ask for them at once. */
  readonly kind: (context: ClusterContext, sides: SideRegistry) => SyncedKind<V, H>;
}

/** Declares a kind that is copied to the host. */
export function toHost<V extends KubeObject, H extends KubeObject>(of: ToHostDeclaration<V, H>): Declaration {
  return {
    name: of.resource.plural,
    enabled: of.enabled,
    ...(of.crds === undefined ? {} : { crds: of.crds }),
    copies: { resource: of.resource, kind: (context, sides) => of.kind(context, sides) },
    open(sides, context) {
      const virtual = sides.virtual<V>(of.resource, of.virtualCache);
      const hostResource = of.hostResource ?? of.resource;
      const host = sides.host<H>(hostResource, of.hostCache);
      const kind = of.kind(context, sides);
      const wakers = openWakers(sides, of.wokenBy);
      const deciders = openWakers(sides, of.dependsOn?.(context));
      return {
        watched: [{ side: 'virtual', resource: of.resource }],
        events: { resource: of.resource, virtual: sides.virtual(of.resource), host: sides.host(hostResource) },
        wire(parts) {
          const wired = wireKind<V, H>({ ...parts.common, kind, virtual, host }, parts.report);
          for (const waker of wakers) waker.cache.subscribe(() => wired.controller.wake());
          for (const decider of deciders) {
            decider.cache.subscribe((change) => {
              if (change.kind === 'modified' && decidesTheSame(change.previous, change.object)) return;
              for (const object of virtual.cache.list()) wired.controller.enqueue(keyOf(object));
            });
          }
          return wired;
        },
      };
    },
  };
}

/** How a kind of the host is shown in the virtual cluster. */
export interface ToVirtualDeclaration<H extends KubeObject, V extends KubeObject> {
  readonly resource: Resource;
  /** @default {@link resource} */
  readonly hostResource?: Resource;
  readonly enabled: (context: ClusterContext) => boolean;
  readonly crds?: readonly string[];
  /** The host namespace that is looked at. @default the whole host, for cluster-scoped kinds */
  readonly hostNamespace?: string;
  /** Several namespaces or single objects that are looked at instead. @default {@link hostNamespace} */
  readonly hostScopes?: readonly HostScope[] | ((context: ClusterContext) => readonly HostScope[]);
  /** The name in logs and metrics. @default the plural, followed by `-from-host` */
  readonly name?: string;
  readonly virtualCache?: CacheShape<V>;
  /** Whether only what shows an object of the host is watched in the virtual cluster. @default false */
  readonly importsOnly?: boolean;
  readonly hostCache?: (context: ClusterContext) => CacheShape<H>;
  /** Upon which changes waiting objects are looked at again. @default none */
  readonly wokenBy?: readonly Waker[];
  readonly kind: (context: ClusterContext, sides: SideRegistry) => ImportedKind<H, V>;
}

/** Declares a kind of the host that is shown in the virtual cluster. */
export function toVirtual<H extends KubeObject, V extends KubeObject>(of: ToVirtualDeclaration<H, V>): Declaration {
  const name = of.name ?? importName(of.resource.plural);
  return {
    name,
    enabled: of.enabled,
    ...(of.crds === undefined ? {} : { crds: of.crds }),
    open(sides, context) {
      const virtual = sides[of.importsOnly ? 'imports' : 'virtual']<V>(of.resource, of.virtualCache);
      const named = typeof of.hostScopes === 'function' ? of.hostScopes(context) : of.hostScopes;
      const scopes = named ?? [of.hostNamespace === undefined ? {} : { namespace: of.hostNamespace }];
      const hosts = scopes.map((scope) => ({ scope, side: openScope<H>(sides, of, context, scope) }));
      const kind = patchedImport(of.kind(context, sides), context.patches);
      const wakers = openWakers(sides, of.wokenBy);
      return {
        watched: [],
        wire(parts) {
          const { recorder, ensureNamespace, report } = parts;
          const syncer = new ImportSyncer<H, V>({
            kind,
            host: joinSources(hosts),
            virtual,
            recorder,
            ensureNamespace,
          });
          const controller = new Controller({
            name,
            report,
            workers: 4,
            reconcile: (key, signal) => syncer.reconcile(key, signal),
          });
          virtual.cache.subscribe((change) =>
            controller.enqueue(keyOf(change.kind === 'deleted' ? change.previous : change.object)),
          );
          for (const { side } of hosts) {
            side.cache.subscribe((change) => {
              const key = kind.virtualKeyOf(keyOf(change.kind === 'deleted' ? change.previous : change.object));
              if (key !== undefined) controller.enqueue(key);
            });
          }
          for (const waker of wakers) waker.cache.subscribe(() => controller.wake());
          return {
            controller,
            *keys(): Iterable<ObjectKey> {
              for (const object of virtual.cache.list()) yield keyOf(object);
              for (const object of hosts.flatMap(({ side }) => side.cache.list())) {
                const key = kind.virtualKeyOf(keyOf(object));
                if (key !== undefined && virtual.cache.get(key) === undefined) yield key;
              }
            },
            async reconcileNow(key, signal) {
              await syncer.reconcile(key, signal);
            },
          };
        },
      };
    },
  };
}

function openScope<H extends KubeObject>(
  sides: SideRegistry,
  of: Pick<ToVirtualDeclaration<H, never>, 'resource' | 'hostResource' | 'hostCache'>,
  context: ClusterContext,
  { namespace, name }: HostScope,
): Side<H> {
  const single = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };
  return sides.foreign<H>(of.hostResource ?? of.resource, { ...of.hostCache?.(context), ...single }, namespace);
}

function openWakers(sides: SideRegistry, wakers: readonly Waker[] = []) {
  return wakers.map(({ side, resource, shape, namespace }) => sides[side]<KubeObject>(resource, shape, namespace));
}

/** Whether only the status of an object has changed, which others' translations don't look at. */
function decidesTheSame({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  return (
    a.uid === b.uid &&
    a.generation === b.generation &&
    JSON.stringify([a.labels, a.annotations]) === JSON.stringify([b.labels, b.annotations])
  );
}
