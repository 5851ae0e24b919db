import { type Rule, unsupported } from './rules';

/** Changes on the way, which vCluster has at every kind. */
export const patchesOf: Rule = unsupported(
  'changes on the way are typed functions here: write them with patch() into `patches` (docs/guides/patches.md)',
);
