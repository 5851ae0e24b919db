import * as z from 'zod';
import { parseToleration } from '../../contract';
import { type IssueParams, laterSwitch, text, texts, textsByKey } from '../fields';
import { componentResources, type Resources } from '../resources';
import { RULES, type TextRule } from '../rules';

/** Which classes of the host a tenant's pods may have. */
export interface AllowedClasses<Text = string> {
  /**
   * The class for pods that get no other.
   * @default - the host's own default
   */
  readonly default?: Text;
  /**
   * Classes that pods may name as they are called on the host, besides those that `sync.fromHost` shows. The API server
   * of the virtual cluster must know a class of that name too.
   * @default - none
   */
  readonly allowed?: readonly Text[];
}

/** How the pods of a headless Service learn their full name. */
export interface RewriteHosts<Text = string, Switch = boolean> {
  /**
   * Whether pods with a `subdomain` get an init container that writes their `/etc/hosts`, so that `hostname -f` gives
   * the name by which other pods find them. Pods that have their full name as host name need none on hosts from
   * Kubernetes 1.35. A pod can do without it by the annotation `vcluster.loft.sh/disable-subdomain-rewrite: "true"`.
   * @default true
   */
  readonly enabled?: Switch;
  /**
   * What that container asks for and may use.
   * @default - what leaves the pod's quality of service as it is: nothing, or up to 100m and 96Mi
   */
  readonly resources?: Resources<Text>;
}

/** How pods are copied to the host. They always are. */
export interface PodsToHostOptions<Text = string, Switch = boolean> {
  /**
   * Registries, or registries with a path, and what takes their place on the host:
   * `{ 'docker.io': 'mirror.example.com/hub' }`. An image without a registry counts as one of `docker.io/library`. The
   * longest that fits counts. Volumes of images are translated too.
   * @default - none
   */
  readonly translateImages?: { readonly [beginning: string]: Text };
  /**
   * Tolerations that all pods have besides their own, in vCluster's form: `*` for every taint, `key`, `key=value`,
   * `key:Effect` or `key=value:Effect`.
   * @default - none
   */
  readonly enforceTolerations?: readonly Text[];
  /**
   * Labels that a node must have for pods to run there. They win over what a pod's `nodeSelector` says of the same keys.
   * @default - none
   */
  readonly enforceNodeSelector?: { readonly [label: string]: Text };
  /**
   * Priority classes. Those that `toHost.priorityClasses` copies and `fromHost.priorityClasses` shows can be used in
   * any case; a class of another name counts as none.
   * @default - none but those
   */
  readonly priorityClasses?: AllowedClasses<Text>;
  /**
   * Runtime classes. Those that `fromHost.runtimeClasses` shows can be used in any case; a pod that names another is
   * refused.
   * @default - none but those
   */
  readonly runtimeClasses?: AllowedClasses<Text>;
  /** How the pods of headless Services learn their full name. @default - on */
  readonly rewriteHosts?: RewriteHosts<Text, Switch>;
  /**
   * Whether containers get the environment variables of all Services in their namespace, unless their pod declines.
   * Without, they get those of the API server alone.
   * @default true
   */
  readonly serviceLinks?: Switch;
}

/** What `sync.toHost` says about pods. */
export interface PodsToHost<Text = string, Switch = boolean> {
  /** Pods. */
  readonly pods?: PodsToHostOptions<Text, Switch>;
}

const IMAGE_BEGINNING: TextRule = {
  allowed: 'a registry or image without tag, such as docker.io or registry.example.com/team',
  test: (beginning) => /^[a-z0-9][\w.-]*(:\d+)?(\/[\w.-]+)*\/?$/.test(beginning),
  hint: (beginning) => (/^https?:/.test(beginning) ? 'leave out the https://' : undefined),
};

/** A toleration in its short form. */
export const TOLERATION: TextRule = {
  allowed:
    '"*", key, key=value, key:Effect or key=value:Effect, the effect being NoSchedule, PreferNoSchedule or NoExecute',
  test(toleration) {
    const parsed = parseToleration(toleration);
    if (parsed === undefined) return false;
    const { key, value = '' } = parsed;
    return (key === undefined || RULES.labelKey.test(key)) && RULES.labelValue.test(value);
  },
};

const classesSchema = z
  .strictObject({ default: text(RULES.subdomain).optional(), allowed: texts(RULES.subdomain).optional() })
  .readonly();

const imagesSchema = z.record(z.string(), text(IMAGE_BEGINNING)).superRefine((images, context) => {
  for (const key of Object.keys(images)) {
    if (IMAGE_BEGINNING.test(key)) continue;
    const params: IssueParams = { allowed: IMAGE_BEGINNING.allowed };
    context.addIssue({ code: 'custom', path: [key], input: key, message: 'is not the beginning of images', params });
  }
});

const HOSTS_WRITER = componentResources({});

/** The schema of {@link PodsToHost}, field by field. */
export const podsToHostShape = {
  pods: z
    .strictObject({
      translateImages: imagesSchema.readonly().optional(),
      enforceTolerations: texts(TOLERATION).optional(),
      enforceNodeSelector: textsByKey(RULES.labelValue).readonly().optional(),
      priorityClasses: classesSchema.optional(),
      runtimeClasses: classesSchema.optional(),
      rewriteHosts: z
        .strictObject({ enabled: laterSwitch().optional(), resources: HOSTS_WRITER.schema.optional() })
        .readonly()
        .optional(),
      serviceLinks: laterSwitch().optional(),
    })
    .readonly()
    .optional(),
} as const;

/** Fills in the defaults. */
export function resolvePodsToHost({ pods = {} }: PodsToHost) {
  const { resources } = pods.rewriteHosts ?? {};
  return {
    pods: {
      translateImages: { ...pods.translateImages },
      enforceTolerations: [...(pods.enforceTolerations ?? [])],
      enforceNodeSelector: { ...pods.enforceNodeSelector },
      priorityClasses: resolveClasses(pods.priorityClasses),
      runtimeClasses: resolveClasses(pods.runtimeClasses),
      rewriteHosts: {
        enabled: pods.rewriteHosts?.enabled ?? true,
        ...(resources === undefined ? {} : { resources: plain(resources) }),
      },
      serviceLinks: pods.serviceLinks ?? true,
    },
  };
}

function resolveClasses(classes: AllowedClasses = {}) {
  return {
    ...(classes.default === undefined ? {} : { default: classes.default }),
    allowed: [...(classes.allowed ?? [])],
  };
}

function plain(resources: Resources) {
  const { requests, limits } = HOSTS_WRITER.resolve(resources);
  return { requests: record(requests), limits: record(limits) };
}

function record(amounts: object): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(amounts).flatMap(([name, amount]) => (typeof amount === 'string' ? [[name, amount]] : [])),
  );
}
