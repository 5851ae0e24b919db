import type { z } from 'zod';
import type { SpecIssue } from './errors';
import { knownKeysAt } from './known-keys';
import { isMarker } from './markers';
import { nearest } from './nearest';

const AT_DEPLOYMENT =
  'a value that is known only at deployment cannot stand here, for it decides which objects or rights exist';

/** Words what zod found wrong with an input: each field with its path, its value and what is allowed there. */
export function toSpecIssues(
  schema: z.core.$ZodType,
  input: unknown,
  issues: readonly z.core.$ZodIssue[],
): readonly SpecIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(schema, input, issue);
    const value = valueAt(input, issue.path);
    const path = formatPath(issue.path);
    if (isMarker(value)) return [{ path, value: undefined, message: AT_DEPLOYMENT }];
    return [{ path, value, ...words(issue, value) }];
  });
}

/** `controlPlane.extraSans[2]`, and keys that are no identifiers in brackets. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(String(step))) return `[${JSON.stringify(String(step))}]`;
      return index === 0 ? String(step) : `.${String(step)}`;
    })
    .join('');
}

function unknownKeys(
  schema: z.core.$ZodType,
  input: unknown,
  issue: z.core.$ZodIssueUnrecognizedKeys,
): readonly SpecIssue[] {
  const known = knownKeysAt(schema, issue.path, input);
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const meant = nearest(key, known);
    const base = { path: formatPath(path), value: valueAt(input, path), message: 'is not a known field' };
    if (known.length === 0) return base;
    return { ...base, allowed: known.join(', '), ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }) };
  });
}

function words(issue: z.core.$ZodIssue, value: unknown): Pick<SpecIssue, 'message' | 'allowed' | 'hint'> {
  switch (issue.code) {
    case 'custom':
      return { message: issue.message, ...textParam(issue.params, 'allowed'), ...textParam(issue.params, 'hint') };
    case 'invalid_value':
      return oneOf(issue.values.map(String), value);
    case 'invalid_union':
      return oneOf('options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [], value);
    case 'invalid_type':
      return {
        message: value === undefined ? 'is missing' : 'has the wrong type',
        allowed: TYPES[issue.expected] ?? issue.expected,
      };
    default:
      return { message: issue.message };
  }
}

const TYPES: { readonly [expected: string]: string } = {
  object: 'an object with fields',
  record: 'an object with texts',
  array: 'a list',
  boolean: 'true or false',
};

function oneOf(options: readonly string[], value: unknown): Pick<SpecIssue, 'message' | 'allowed' | 'hint'> {
  const meant = typeof value === 'string' ? nearest(value, options) : undefined;
  return {
    message: value === undefined ? 'is missing' : 'is not one of the choices',
    ...(options.length === 0 ? {} : { allowed: options.join(', ') }),
    ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
  };
}

function textParam(params: { readonly [key: string]: unknown } | undefined, key: 'allowed' | 'hint') {
  const text = params?.[key];
  return typeof text === 'string' ? { [key]: text } : {};
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    input,
  );
}
