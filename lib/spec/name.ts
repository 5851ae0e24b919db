import * as z from 'zod';
import type { IssueParams } from './fields';

/**
 * The longest name of a virtual cluster. The tightest of the names made from it is the label
 * `controller-revision-hash` of the StatefulSet's pods: the name, a dash and up to 10 characters, 63 in all.
 */
export const MAX_CLUSTER_NAME_LENGTH = 52;

// A Service's name begins with a letter (RFC 1035), unlike most names.
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const ALLOWED = `up to ${MAX_CLUSTER_NAME_LENGTH} lower-case letters, digits and "-", beginning with a letter, ending with a letter or digit`;

/** The schema of a virtual cluster's name. It decides the names of objects, so it cannot be left to deployment time. */
export const nameSchema = z.custom<string>().superRefine((name, context) => {
  const problem = problemOf(name);
  if (problem === undefined) return;
  const params: IssueParams = { allowed: ALLOWED, ...(problem.hint === undefined ? {} : { hint: problem.hint }) };
  context.addIssue({ code: 'custom', input: name, message: problem.message, params });
});

function problemOf(name: unknown): { readonly message: string; readonly hint?: string } | undefined {
  if (name === undefined) return { message: 'is missing' };
  if (typeof name !== 'string') return { message: 'is not a text' };
  if (name.length > MAX_CLUSTER_NAME_LENGTH) return { message: `has ${name.length} characters` };
  if (name.includes('-x-')) return { message: 'contains "-x-", which separates the parts of host names' };
  if (NAME.test(name)) return undefined;
  const meant = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  return { message: 'is not valid', ...(NAME.test(meant) ? { hint: `did you mean "${meant}"?` } : {}) };
}
