import * as z from 'zod';
import { plainText } from '../fields';
import { TOLERATION } from '../sync/pods';

/** The schema of tolerations that pods may have. */
export const allowedTolerationsSchema = z.array(plainText(TOLERATION)).readonly();
