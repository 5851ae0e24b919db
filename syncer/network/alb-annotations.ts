import * as z from 'zod';

/**
 * The actions that AWS' load balancer controller takes as annotations. Left out on purpose: target groups by their ARN,
 * which may be anybody's.
 * Source: `pkg/ingress/config_types.go` of aws-load-balancer-controller.
 */
const action = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('forward'),
    forwardConfig: z.strictObject({
      targetGroups: z.array(
        z.strictObject({
          serviceName: z.string(),
          servicePort: z.union([z.string(), z.int()]),
          weight: z.int().optional(),
        }),
      ),
      targetGroupStickinessConfig: z
        .strictObject({ enabled: z.boolean().optional(), durationSeconds: z.int().optional() })
        .optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('redirect'),
    redirectConfig: z.strictObject({
      host: z.string().optional(),
      path: z.string().optional(),
      port: z.string().optional(),
      protocol: z.string().optional(),
      query: z.string().optional(),
      statusCode: z.string(),
    }),
  }),
  z.strictObject({
    type: z.literal('fixed-response'),
    fixedResponseConfig: z.strictObject({
      contentType: z.string().optional(),
      messageBody: z.string().optional(),
      statusCode: z.string(),
    }),
  }),
]);

const conditions = z.array(z.looseObject({ field: z.string() }));

/** An action with the host's names of its Services, or `undefined` when it is none, or one that may not pass. */
export function hostAlbAction(text: string, hostNameOf: (service: string) => string): string | undefined {
  const parsed = action.safeParse(json(text));
  if (!parsed.success) return undefined;
  if (parsed.data.type !== 'forward') return JSON.stringify(parsed.data);
  const { forwardConfig, type } = parsed.data;
  const targetGroups = forwardConfig.targetGroups.map((group) => ({
    ...group,
    serviceName: hostNameOf(group.serviceName),
  }));
  return JSON.stringify({ type, forwardConfig: { ...forwardConfig, targetGroups } });
}

/** Conditions on requests, which name no object, or `undefined` when they are none. */
export function hostAlbConditions(text: string): string | undefined {
  const parsed = conditions.safeParse(json(text));
  return parsed.success ? JSON.stringify(parsed.data) : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
