import type { Draft } from './draft';
import { text } from './readers';
import { enabled, group, type Rule, unsupported } from './rules';
import { isEmpty, isTree, type Path, type Tree } from './tree';

/** What vCluster's ResourceQuota holds where a values file says nothing else. */
const QUOTA_DEFAULTS: Tree = {
  'requests.cpu': '10',
  'requests.memory': '20Gi',
  'requests.storage': '100Gi',
  'requests.ephemeral-storage': '60Gi',
  'limits.cpu': '20',
  'limits.memory': '40Gi',
  'limits.ephemeral-storage': '160Gi',
  'services.nodeports': 0,
  'services.loadbalancers': 1,
  'count/endpoints': 40,
  'count/pods': 20,
  'count/services': 20,
  'count/secrets': 100,
  'count/configmaps': 100,
  'count/persistentvolumeclaims': 20,
};

/** The same of its LimitRange. */
const LIMIT_DEFAULTS = {
  default: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '8Gi' },
  defaultRequest: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '3Gi' },
} as const;

const COUNTED = ['pods', 'services', 'secrets', 'configmaps', 'persistentvolumeclaims'];
const OURS = 'the objects are made by Sublet';

/** `policies.resourceQuota`, which `auto` switches on with its sibling. */
export function resourceQuota(withLimitRange: boolean): Rule {
  return (value, from, draft) => {
    if (!isOn(value, withLimitRange)) return draft.note('default', from, 'is switched off');
    const { quota } = isTree(value) ? value : {};
    const given = isTree(quota) ? quota : {};
    for (const [resource, amount] of Object.entries(QUOTA_DEFAULTS)) {
      const to = quotaField(resource);
      if (!Object.hasOwn(given, resource) && to !== undefined) draft.imply(['isolation', 'quota', ...to], amount);
    }
    if (value === undefined) return;
    group({
      enabled: (_value, path) => draft.note('default', path, 'is on by what it holds'),
      quota: (_value, path) => {
        for (const [resource, amount] of Object.entries(given)) {
          const at = [...path, resource];
          const to = quotaField(resource);
          if (to === undefined) draft.note('unsupported', at, 'is nothing that is counted here');
          else draft.set(at, ['isolation', 'quota', ...to], isCount(to) ? Number(amount) : text(amount));
        }
      },
      ...APPEARANCE,
      scopes: unsupported('all pods count'),
      scopeSelector: unsupported('all pods count', { matchExpressions: [] }),
    })(value, from, draft);
  };
}

/** `policies.limitRange`, which `auto` switches on with its sibling. */
export function limitRange(withQuota: boolean): Rule {
  return (value, from, draft) => {
    if (!isOn(value, withQuota)) return draft.note('default', from, 'is switched off');
    const given = isTree(value) ? value : {};
    for (const [side, amounts] of Object.entries(LIMIT_DEFAULTS)) {
      const own = given[side];
      for (const [resource, amount] of Object.entries(amounts)) {
        if (!isTree(own) || !Object.hasOwn(own, resource)) draft.imply(['isolation', 'limits', side, resource], amount);
      }
    }
    const amountsOf: Rule = (amounts, path) => {
      if (!isMapping(amounts, path, draft)) return;
      const [side = ''] = path.slice(-1).map(String);
      for (const [resource, amount] of Object.entries(amounts))
        draft.set([...path, resource], ['isolation', 'limits', side, resource], text(amount));
    };
    if (value === undefined) return;
    group({
      enabled: (_value, path) => draft.note('default', path, 'is on by what it holds'),
      default: amountsOf,
      defaultRequest: amountsOf,
      max: amountsOf,
      min: amountsOf,
      ...APPEARANCE,
    })(value, from, draft);
  };
}

const APPEARANCE = { labels: unsupported(OURS), annotations: unsupported(OURS) };

/** Whether amounts are given. If not, that is noted. */
function isMapping(value: unknown, path: Path, draft: Draft): value is Tree {
  if (isEmpty(value)) draft.note('default', path, 'is empty');
  else if (isTree(value)) return true;
  else draft.note('unknown', path, 'is not a mapping of keys, as vCluster wants it');
  return false;
}

/** Whether it is switched on: by itself, or by `auto`, which it is without a word, through its sibling. */
function isOn(value: unknown, sibling: boolean): boolean {
  if (enabled(value)) return true;
  const said = isTree(value) ? value.enabled : undefined;
  return sibling && (said === undefined || said === 'auto');
}

/** Where a quota's resource stands in `isolation.quota`. */
function quotaField(resource: string): Path | undefined {
  const [, side, amount = ''] = /^(requests|limits)\.(.+)$/.exec(resource) ?? [];
  if (side !== undefined) return amount.includes('/') ? ['devices', amount] : [side, amount];
  const plain = resource.replace(/^count\//, '');
  if (COUNTED.includes(plain) || /^services\.(nodeports|loadbalancers)$/.test(plain)) return ['counts', plain];
  if (resource === 'cpu' || resource === 'memory' || resource === 'ephemeral-storage') return ['requests', resource];
  return resource.startsWith('count/') ? ['objects', plain] : undefined;
}

const isCount = ([part]: Path): boolean => part === 'counts' || part === 'objects' || part === 'devices';
