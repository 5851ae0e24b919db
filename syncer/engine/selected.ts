import type { ImportSelector } from '../../lib/contract';
import type { KubeObject } from '../kube/types';

/** Whether a host object is one of those that the configuration selects. An empty selector selects all. */
export function isSelected({ metadata: { name = '', labels = {} } }: KubeObject, selector: ImportSelector): boolean {
  const { names, matchLabels = {}, matchExpressions = [] } = selector;
  return (
    (names === undefined || names.includes(name)) &&
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => meets(labels, requirement))
  );
}

type Requirement = NonNullable<ImportSelector['matchExpressions']>[number];

/** As Kubernetes has it: `NotIn` is also met by an object without the label. */
function meets(labels: { readonly [key: string]: string }, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
