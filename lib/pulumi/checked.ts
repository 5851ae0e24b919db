import { SpecError } from '../spec';

/**
 * What `check` returns. Where it finds a declaration wrong, its error gets Pulumi's mark for errors that are told by
 * their message alone: others come with a stack and all their fields, in which the message is lost.
 * @throws SpecError as `check` does
 */
export function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof SpecError ? Object.assign(error, { __pulumiRunError: true }) : error;
  }
}
