import * as pulumi from '@pulumi/pulumi';
import type { Filler } from '../manifests/fill';
import { type MarkerTable, markerTable } from '../spec/marker-table';

/** A value that is known once other resources are. */
export type Later = pulumi.Output<unknown> | Promise<unknown>;

/** A table for outputs and promises. */
export function outputTable(): MarkerTable<Later> {
  return markerTable((value): value is Later => pulumi.Output.isInstance(value) || value instanceof Promise);
}

/**
 * Puts outputs back: alone as they are, in texts and JSON as an output made of them. What they depend on, and whether
 * they are secret, follows them into the field where they end.
 */
export function outputFiller(table: MarkerTable<Later>): Filler {
  return {
    leaf: (index) => pulumi.output(table.leafAt(index)),
    concat: (parts) => pulumi.concat(...parts),
    json: (value) => pulumi.jsonStringify(value),
  };
}
