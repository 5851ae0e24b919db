import type { FieldRule } from '../../syncer/pods/field-rules';
import { POD_SPEC } from '../../syncer/pods/fields';

/** Why a translator of pods writes its fields anew, by the name under which `syncer/pods/fields.ts` knows it. */
const TRANSLATORS: { readonly [name: string]: string } = {
  dns: "pods ask the virtual cluster's DNS, never the host's",
  hostname: 'containers find the names that they have in the virtual cluster',
  'node-affinity': "the host's scheduler checks what fits, so that no pod passes by it",
  'pod-affinity': 'it means pods of this virtual cluster only',
  'topology-spread': 'it counts pods of this virtual cluster only',
  'scheduling-gates': 'what holds a pod back in the virtual cluster holds it back on the host',
  'placed-by': "the host's scheduler places pods there",
  'to-host-pod': "on the host pods run under one account without rights; their tokens are the virtual cluster's",
  env: 'containers are told of Services of the virtual cluster, not of the host',
  classes: 'only classes that are offered to tenants count on the host',
  'resource-claims': "it names the claim's copy on the host",
  volumes: 'what the virtual cluster gives a pod reaches it in a Secret of its own',
};

/** Why a field of a pod's spec is not on the host as it was, by the rule of the allow-list; `undefined` if that has none. */
export function podFieldReason(path: string): string | undefined {
  const words = path
    .replaceAll(/\[[^\]]*\]/g, '')
    .split('.')
    .filter((word) => word !== '');
  if (words[0] !== 'spec') return undefined;
  let rule: FieldRule | undefined = POD_SPEC;
  for (const word of words.slice(1)) {
    if (rule?.kind !== 'object') break;
    rule = rule.fields[word];
  }
  switch (rule?.kind) {
    case 'drop':
      return rule.why;
    case 'translate':
      return TRANSLATORS[rule.by] ?? 'it means something else on the host';
    case 'name':
      return NAMES_COPY;
    case 'fieldPath':
      return 'the downward API shows what the tenant wrote, which the host keeps in annotations';
    default:
      return undefined;
  }
}

/** Of a field that names another object. */
export const NAMES_COPY = 'it names the copy on the host';
