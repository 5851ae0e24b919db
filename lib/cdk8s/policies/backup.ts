import type { Construct } from 'constructs';
import type { BackupOptions } from '../../spec';
import type { Text } from '../lazy-values';
import { Policy, type PolicyProps } from './policy';

/** What can be said about a {@link Backup}. */
export type BackupProps = PolicyProps & BackupOptions<Text>;

/**
 * How often the store of a virtual cluster is saved, and where to, in place of the option `backup` of the virtual
 * cluster. The Secrets that it names must be in the host namespace of the virtual cluster.
 */
export class Backup extends Policy {
  /** @throws SpecError `SPEC_INVALID` with everything that is wrong with the props */
  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id, 'backup', props);
  }
}
