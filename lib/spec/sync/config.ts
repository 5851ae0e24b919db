import * as z from 'zod';
import type { MappedConfig as ResolvedMapping } from '../../contract';
import { type IssueParams, laterSwitch, plainText } from '../fields';
import { RULES } from '../rules';

/** How ConfigMaps or Secrets are copied to the host. */
export interface CopiedConfig<Switch = boolean> {
  /**
   * Whether all of them are copied, or only those that something on the host refers to, and those with the annotation
   * `vcluster.loft.sh/force-sync: "true"`.
   * @default false
   */
  readonly all?: Switch;
}

/** What `sync.toHost` says about ConfigMaps and Secrets. */
export interface ConfigToHost<Switch = boolean> {
  /** ConfigMaps. @default - those that something on the host refers to */
  readonly configMaps?: CopiedConfig<Switch>;
  /** Secrets. @default - those that something on the host refers to */
  readonly secrets?: CopiedConfig<Switch>;
}

/**
 * ConfigMaps or Secrets of the host that are shown in the virtual cluster: one, or all of a namespace. The namespace may
 * come later. What belongs to a virtual cluster itself, and tokens of service accounts, are never shown. All names are
 * plain, for the syncer's rights are made of them.
 */
export interface ConfigMapping {
  /** Where they are on the host. */
  readonly host: {
    /** @default - the host namespace of the virtual cluster */
    readonly namespace?: string;
    /** @default - all of the namespace */
    readonly name?: string;
  };
  /** Where they are shown. The namespace is made when it does not exist. */
  readonly virtual: {
    readonly namespace: string;
    /** @default - the name on the host */
    readonly name?: string;
  };
}

/** Which ConfigMaps or Secrets of the host are shown. */
export interface ShownConfig {
  /** Which are shown, and where. Each in one mapping. */
  readonly mappings: readonly ConfigMapping[];
}

/** What `sync.fromHost` says about ConfigMaps and Secrets. */
export interface ConfigFromHost {
  /** ConfigMaps of the host. @default - none */
  readonly configMaps?: ShownConfig;
  /** Secrets of the host. @default - none */
  readonly secrets?: ShownConfig;
}

const copied = z.strictObject({ all: laterSwitch().optional() }).readonly().optional();

/** The schema of {@link ConfigToHost}, field by field. */
export const configToHostShape = { configMaps: copied, secrets: copied } as const;

const mapping = z
  .strictObject({
    host: z
      .strictObject({ namespace: plainText(RULES.label).optional(), name: plainText(RULES.subdomain).optional() })
      .readonly(),
    virtual: z
      .strictObject({ namespace: plainText(RULES.label), name: plainText(RULES.subdomain).optional() })
      .readonly(),
  })
  .superRefine(({ host, virtual }, context) => {
    if (virtual.name === undefined || host.name !== undefined) return;
    const params: IssueParams = {
      allowed: 'a name only for a mapping of one object',
      hint: 'name the host object too',
    };
    const path = ['virtual', 'name'];
    context.addIssue({ code: 'custom', path, input: virtual.name, message: 'is one name for many objects', params });
  })
  .readonly();

const shown = z
  .strictObject({
    mappings: z
      .array(mapping)
      .superRefine((mappings, context) => {
        const seen = { host: new Map<string, number>(), virtual: new Map<string, number>() };
        mappings.forEach(({ host, virtual }, index) => {
          const keys = {
            host: `${host.namespace ?? ''}/${host.name ?? '*'}`,
            virtual: `${virtual.namespace}/${virtual.name ?? host.name ?? '*'}`,
          };
          for (const side of ['host', 'virtual'] as const) {
            const first = seen[side].get(keys[side]);
            seen[side].set(keys[side], first ?? index);
            if (first === undefined) continue;
            const params: IssueParams = { allowed: 'every object in one mapping' };
            const message = `is that of mapping ${first} too`;
            context.addIssue({ code: 'custom', path: [index, side], input: mappings[index]?.[side], message, params });
          }
        });
      })
      .readonly(),
  })
  .readonly()
  .optional();

/** The schema of {@link ConfigFromHost}, field by field. */
export const configFromHostShape = { configMaps: shown, secrets: shown } as const;

/** Fills in the defaults. */
export function resolveConfigToHost({ configMaps, secrets }: ConfigToHost) {
  return { configMaps: { all: configMaps?.all ?? false }, secrets: { all: secrets?.all ?? false } };
}

/** Fills in the defaults. */
export function resolveConfigFromHost({ configMaps, secrets }: ConfigFromHost) {
  return { configMaps: resolveShown(configMaps), secrets: resolveShown(secrets) };
}

function resolveShown({ mappings }: ShownConfig = { mappings: [] }): { mappings: ResolvedMapping[] } {
  return {
    mappings: mappings.map(({ host, virtual }) => ({
      host: {
        ...(host.namespace === undefined ? {} : { namespace: host.namespace }),
        ...(host.name === undefined ? {} : { name: host.name }),
      },
      virtual: {
        namespace: virtual.namespace,
        ...(virtual.name === undefined ? {} : { name: virtual.name }),
      },
    })),
  };
}
