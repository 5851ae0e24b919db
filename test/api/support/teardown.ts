import { hostDown } from '../../../host';
import { hostPaths } from '../../../host/paths';
import { checkRights } from '../../support/audit/check';
import { isWholeRun, type RunScope } from '../../support/whole-run';
import { chosenHost, hostVersion, runSince, virtualVersion } from './host';

/**
 * Fails the run if syncers lacked rights, or with `SUBLET_ALL_RIGHTS` (`npm run test:rights`) also if they had some that
 * nobody used, and takes the run's host down, unless `SUBLET_KEEP_HOST` asks to keep it for the next run.
 */
async function teardown(run: RunScope, project: { readonly displayName?: { readonly name: string } }): Promise<void> {
  const name = chosenHost();
  // API servers of older versions are asked in other ways.
  const newest = hostVersion() === undefined && virtualVersion().version === undefined;
  // Some rights are for what happens only now and then: a run that is to pass each time does not ask for them.
  const asked = process.env.SUBLET_ALL_RIGHTS !== undefined;
  const whole = asked && newest && project.displayName?.name === 'api' && isWholeRun(run);
  try {
    await checkRights(hostPaths(name).directory, runSince(), whole ? 'all rights are used' : 'no right is missing');
  } finally {
    if (!process.env.SUBLET_KEEP_HOST) await hostDown({ name });
  }
}

module.exports = teardown;
