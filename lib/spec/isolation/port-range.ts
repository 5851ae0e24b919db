import * as z from 'zod';
import { type IssueParams, wholeNumber } from '../fields';

/** Ports of the node, both ends included. */
export interface PortRange {
  /** The first port. */
  readonly from: number;
  /** The last port. @default - `from` */
  readonly to?: number;
}

/** The schema of {@link PortRange}. */
export const portRangeSchema = z
  .strictObject({ from: wholeNumber(1, 65_535), to: wholeNumber(1, 65_535).optional() })
  .superRefine(({ from, to }, context) => {
    if (to === undefined || to >= from) return;
    const params: IssueParams = { allowed: `${from} or more` };
    context.addIssue({ code: 'custom', path: ['to'], input: to, message: 'is below `from`', params });
  })
  .readonly();
