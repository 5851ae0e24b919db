import type { KubeObject } from '../kube/types';

/** What {@link isSelected} takes: the configuration's selectors, and Kubernetes' own, whose operators are any text. */
export interface ObjectSelector {
  readonly names?: readonly string[] | undefined;
  readonly matchLabels?: { readonly [key: string]: string } | undefined;
  readonly matchExpressions?: readonly Requirement[] | undefined;
}

/** Whether an object is one of those that are selected. An empty selector selects all. */
export function isSelected({ metadata: { name = '', labels = {} } }: KubeObject, selector: ObjectSelector): boolean {
  const { names, matchLabels = {}, matchExpressions = [] } = selector;
  return (
    (names === undefined || names.includes(name)) &&
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => meets(labels, requirement))
  );
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

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
    default:
      return false;
  }
}
