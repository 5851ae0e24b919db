import type { StreamingKubeClient } from '../../syncer/kube/client';

/** A schema of OpenAPI v3, as far as random objects need it. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: { readonly [field: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** The schemas of an API server, by kind and by reference. */
export interface Schemas {
  /** The schema of a kind: `Pod` of `v1`. */
  of(apiVersion: string, kind: string): Schema;
  /** Follows references. */
  resolved(schema: Schema): Schema;
}

interface Kinded extends Schema {
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

/** Reads the schemas of some group versions from the API server itself. */
export async function readSchemas(client: StreamingKubeClient, versions: readonly string[]): Promise<Schemas> {
  const byName = new Map<string, Kinded>();
  for (const version of versions) {
    const path = version.includes('/') ? `/openapi/v3/apis/${version}` : `/openapi/v3/api/${version}`;
    const document = (await client.raw(path)) as { readonly components: { readonly schemas: Record<string, Kinded> } };
    for (const [name, schema] of Object.entries(document.components.schemas)) byName.set(name, schema);
  }
  const resolved = (schema: Schema): Schema => {
    const { $ref, allOf } = schema;
    if ($ref !== undefined) return resolved(byName.get($ref.split('/').at(-1) ?? '') ?? {});
    const [first] = allOf ?? [];
    return first === undefined ? schema : resolved(first);
  };
  return {
    of(apiVersion, kind) {
      const [version, group = ''] = apiVersion.split('/').reverse();
      for (const schema of byName.values()) {
        const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
        if (kinds.some((one) => one.kind === kind && one.group === group && one.version === version)) return schema;
      }
      throw new Error(`the API server has no schema of ${kind} in ${apiVersion}`);
    },
    resolved,
  };
}
