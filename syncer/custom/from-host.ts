import type { CustomResourceFromHostRule } from '../../lib/contract';
import { isReservedKey } from '../../lib/contract';
import { mergePatch } from '../engine/diff';
import type { ImportedKind } from '../engine/imported-kind';
import { pick } from '../engine/pick';
import { isSelected } from '../engine/selected';
import { splitKey } from '../engine/side';
import type { Change } from '../engine/types';
import { apiVersionOf } from '../kube/resources';
import type { ObjectKey } from '../kube/types';
import { exactPatch } from './kept-fields';
import { resourceOf } from './references';
import { passed } from './to-host';
import type { CustomResource } from './types';

/** How a custom kind of the host is shown. `hasStatus` tells whether its status is written apart from the object. */
export function shownCustomKind(
  rule: CustomResourceFromHostRule,
  hasStatus: () => boolean,
): ImportedKind<CustomResource, CustomResource> {
  const resource = resourceOf(rule, rule.scope === 'namespaced');
  return {
    resource,
    virtualKeyOf: (key) => mapped(key, rule, 'from', 'to'),
    hostKeyOf: (key) => mapped(key, rule, 'to', 'from'),
    translate(host) {
      if (!isSelected(host, rule.selector)) return { kind: 'skip', reason: 'it is not selected' };
      const { labels = {}, annotations = {} } = host.metadata;
      return {
        kind: 'object',
        object: {
          ...pick(host, [...rule.fields, 'status']),
          apiVersion: apiVersionOf(resource),
          kind: resource.kind,
          metadata: {
            labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !isReservedKey(key))),
            annotations: passed(annotations, rule.annotations),
          },
        },
      };
    },
    changes: (desired, current) => shownChanges(desired, current, rule.fields, hasStatus()),
  };
}

function shownChanges(
  desired: CustomResource,
  current: CustomResource,
  fields: readonly string[],
  hasStatus: boolean,
): readonly Change[] {
  const content = exactPatch(pick(desired, fields), pick(current, fields));
  const status = exactPatch(pick(desired, ['status']), pick(current, ['status']));
  const patch = { ...mergePatch(desired, current, []), ...content, ...(hasStatus ? {} : status) };
  return [
    ...(Object.keys(patch).length === 0 ? [] : [{ kind: 'patch', patch } as const]),
    ...(hasStatus && status !== undefined ? [{ kind: 'patch', patch: status, subresource: 'status' } as const] : []),
  ];
}

/** Where an object of one side is on the other, undefined when no mapping says. */
function mapped(
  key: ObjectKey,
  rule: CustomResourceFromHostRule,
  from: 'from' | 'to',
  to: 'from' | 'to',
): ObjectKey | undefined {
  if (rule.scope === 'cluster') return key;
  const { namespace, name } = splitKey(key);
  const mapping = rule.mappings.find(
    (one) => one[from].namespace === namespace && (one[from].name === undefined || one[from].name === name),
  );
  return mapping === undefined ? undefined : `${mapping[to].namespace}/${mapping[to].name ?? name}`;
}
