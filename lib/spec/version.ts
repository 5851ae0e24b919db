/** The version of this package, and so of the syncer image that goes with it. One release carries both. */
export const VERSION = '0.1.0';
