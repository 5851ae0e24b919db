import type { KubeObject } from '../kube/types';

/** Whether an object is selected. */
export type Selects = (object: KubeObject) => boolean;

/**
 * Reads a label selector in the API's own notation: `app=web,tier in (a,b),!old`.
 * @returns undefined for what is no label selector
 */
export function parseLabelSelector(text: string): Selects | undefined {
  const parts = splitOutsideParentheses(text).filter((part) => part !== '');
  const demands = parts.map(parseDemand);
  if (demands.some((demand) => demand === undefined)) return undefined;
  return ({ metadata: { labels = {} } }) => demands.every((demand) => demand?.(labels) === true);
}

/**
 * Reads a field selector. Only the two fields that every kind has can be selected by.
 * @returns undefined for any other
 */
export function parseFieldSelector(text: string): Selects | undefined {
  const demands = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => /^metadata\.(name|namespace)(!?=)=?([^=!]*)$/.exec(part));
  if (demands.some((demand) => demand === null)) return undefined;
  return ({ metadata }) =>
    demands.every((demand) => {
      const [, field, operator, value] = demand ?? [];
      const actual = (field === 'name' ? metadata.name : metadata.namespace) ?? '';
      return (actual === value) === (operator === '=');
    });
}

type Labels = { readonly [key: string]: string };
type Demand = (labels: Labels) => boolean;

function parseDemand(text: string): Demand | undefined {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^()]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => {
      const value = labels[key];
      return operator === 'in' ? value !== undefined && values.includes(value) : !values.includes(value ?? '\0');
    };
  }
  const equality = /^([\w./-]+)\s*(!=|==|=)\s*([\w.-]*)$/.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value] = equality;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const existence = /^(!?)\s*([\w./-]+)$/.exec(text);
  if (existence === null) return undefined;
  const [, not, key = ''] = existence;
  return (labels) => key in labels === (not === '');
}

function splitOutsideParentheses(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}
