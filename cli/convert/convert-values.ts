import type { VirtualClusterSpec } from '../../lib/spec';
import { claimsOn } from './claims';
import { convertCoredns } from './coredns';
import { startDraft } from './draft';
import { refuseFormerValues } from './former-values';
import { keepWhatPasses } from './keep-what-passes';
import { convertNodes } from './nodes';
import type { Note } from './note';
import { pathText, placesOf, type Tree } from './tree';
import { valuesRules } from './values-rules';

/** What came of a values file. */
export interface ConversionResult {
  /** The declaration: complete, checked, without what says only what is so in any case. */
  readonly spec: VirtualClusterSpec;
  /** What became of every key of the file, in its order, and what differs without a key. */
  readonly notes: readonly Note[];
}

/** What a values file does not say. */
export interface ConversionOptions {
  /** The name of the virtual cluster, which with vCluster is that of the Helm release. */
  readonly name: string;
  /** Its host namespace. @default 'vcluster-<name>' */
  readonly namespace?: string;
}

/**
 * Turns a vCluster values file (`vcluster.yaml` of 0.20 and newer) into a declaration. Every key of it is converted or
 * has a note that says why not.
 * @throws SubletError `USAGE` for values of charts before 0.20, `SPEC_INVALID` for a wrong name
 */
export function convertValues(values: Tree, { name, namespace }: ConversionOptions): ConversionResult {
  refuseFormerValues(values);
  const draft = startDraft(name);
  if (namespace !== undefined) draft.imply(['namespace'], namespace);
  const claims = claimsOn(values, draft);
  convertNodes(claims);
  convertCoredns(claims);
  valuesRules(values, [], draft);
  const { spec, notes } = keepWhatPasses(draft);
  return { spec, notes: [...inOrderOf(values, notes), ...DIFFERENT] };
}

/** What is not the same although the file does not say so. */
const DIFFERENT: readonly Note[] = [
  {
    kind: 'different',
    path: '',
    message:
      "labels of tenants reach the host under hashed keys; sync: { labels: { preserve: ['*'] } } passes them as vCluster does (docs/guides/labels-and-annotations.md)",
  },
  {
    kind: 'different',
    path: '',
    message:
      'annotations of tenants reach the host only as sync.annotations.toHost says (docs/guides/labels-and-annotations.md)',
  },
];

/** The notes by the order of the keys in the file. */
function inOrderOf(values: Tree, notes: readonly Note[]): readonly Note[] {
  const order = new Map(placesOf(values).map((place, index) => [pathText(place), index]));
  const rank = ({ path }: Note): number => order.get(path) ?? order.size;
  return notes.toSorted((a, b) => rank(a) - rank(b));
}
