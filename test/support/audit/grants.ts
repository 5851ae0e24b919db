import * as z from 'zod';
import { controlPlaneLabels } from '../../../lib/contract';
import type { AuditEvent } from './events';

const GROUP = 'rbac.authorization.k8s.io';

const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
const role = z.object({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata,
  rules: z
    .array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()).optional(),
        resources: z.array(z.string()).optional(),
        resourceNames: z.array(z.string()).optional(),
      }),
    )
    .nullish(),
});
const binding = z.object({
  kind: z.enum(['RoleBinding', 'ClusterRoleBinding']),
  metadata,
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
});

/** One verb for one kind of object, in one place. */
export interface Grant {
  readonly verb: string;
  readonly group: string;
  /** With the subresource, if it is for one: `pods/log`. */
  readonly resource: string;
  /** The namespace of the Role, `undefined` for a ClusterRole. */
  readonly namespace: string | undefined;
  /** The only object it is for. */
  readonly name: string | undefined;
}

/** What the syncers of a run were allowed, by user name (`system:serviceaccount:<namespace>:<name>`). */
export type Grants = ReadonlyMap<string, readonly Grant[]>;

/**
 * What the roles gave to syncers that were written while an audit log was kept. A role that was written more than once
 * counts with all that it ever granted.
 */
export function grantsOf(events: readonly AuditEvent[]): Grants {
  const written = events.filter(isWritten).map(({ responseObject }) => responseObject);
  const roles = new Map<string, Grant[]>();
  for (const object of written) {
    const parsed = role.safeParse(object);
    if (!parsed.success) continue;
    const { kind, metadata } = parsed.data;
    const id = idOf(kind, metadata.namespace, metadata.name);
    roles.set(id, [...(roles.get(id) ?? []), ...grantsIn(parsed.data)]);
  }
  const grants = new Map<string, readonly Grant[]>();
  for (const object of written) {
    const parsed = binding.safeParse(object);
    if (!parsed.success || !isControlPlanes(parsed.data.metadata.labels)) continue;
    const { metadata, roleRef, subjects } = parsed.data;
    for (const { namespace, name } of subjects ?? []) {
      const user = `system:serviceaccount:${namespace}:${name}`;
      const place = roleRef.kind === 'Role' ? metadata.namespace : undefined;
      grants.set(user, [...(grants.get(user) ?? []), ...(roles.get(idOf(roleRef.kind, place, roleRef.name)) ?? [])]);
    }
  }
  return grants;
}

function isWritten({ objectRef, requestURI, responseStatus }: AuditEvent): boolean {
  const { code = 0 } = responseStatus ?? {};
  return objectRef?.apiGroup === GROUP && !requestURI.includes('dryRun=') && code >= 200 && code < 300;
}

function isControlPlanes(labels: { readonly [key: string]: string } = {}): boolean {
  return Object.entries(controlPlaneLabels(labels.release ?? '')).every(([key, value]) => labels[key] === value);
}

function grantsIn({ metadata: { namespace }, rules }: z.infer<typeof role>): readonly Grant[] {
  return (rules ?? []).flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = [undefined] }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => resourceNames.map((name) => ({ verb, group, resource, namespace, name }))),
      ),
    ),
  );
}

function idOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}
