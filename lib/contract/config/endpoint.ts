import * as z from 'zod';

/** The section that says how the virtual cluster is reached from outside the host cluster. */
export const endpointSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
  /** Address of the API server in the kubeconfig Secret, in place of the core section's. */
  server: z.string().optional(),
  /** Names in the API server's certificate, beyond those of the core section. */
  sans: z.array(z.string()),
});

/** The section that says how the virtual cluster is reached from outside the host cluster. */
export type EndpointSection = z.infer<typeof endpointSection>;
