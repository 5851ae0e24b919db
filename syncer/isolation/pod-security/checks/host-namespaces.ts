import type { Finder } from '../types';
import { notAllowed } from '../wording';

const FIELDS = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

/** The node's network, processes and shared memory. */
export const hostNamespaces: Finder = ({ spec }) =>
  FIELDS.flatMap((name) => (spec[name] === true ? [{ field: `spec.${name}`, problem: notAllowed(true) }] : []));
