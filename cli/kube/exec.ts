import { z } from 'zod';
import { SubletError } from '../../lib/contract';
import type { Api } from './api';
import { pathFor } from './objects';
import { RESOURCES } from './types';
import { openChannelSocket } from './websocket';

/** The protocols of exec that are understood, best first. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

const statusSchema = z.looseObject({
  status: z.string().optional(),
  message: z.string().optional(),
  details: z
    .looseObject({
      causes: z.array(z.looseObject({ reason: z.string().optional(), message: z.string().optional() })).optional(),
    })
    .optional(),
});

/** What a program in a container printed and how it ended. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a program in a pod's container and waits for its end, without a terminal and without input. */
export async function execInPod(
  api: Api,
  target: { readonly namespace: string; readonly pod: string; readonly container: string },
  command: readonly string[],
  signal: AbortSignal,
): Promise<ExecResult> {
  const path = pathFor(RESOURCES.pods, target.namespace, target.pod, 'exec');
  const query = { container: target.container, stdout: 'true', stderr: 'true', command };
  const socket = await openChannelSocket(api, { path, query, signal }, EXEC_PROTOCOLS);
  const output = { [STDOUT]: '', [STDERR]: '', [STATUS]: '' };
  socket.onMessage((channel, data) => {
    if (channel === STDOUT || channel === STDERR || channel === STATUS) output[channel] += data.toString('utf8');
  });
  const onAbort = (): void => socket.close();
  signal.addEventListener('abort', onAbort);
  await new Promise<void>((resolve) => socket.onClose(resolve));
  signal.removeEventListener('abort', onAbort);
  return { stdout: output[STDOUT], stderr: output[STDERR], exitCode: exitCodeOf(output[STATUS]) };
}

/** The exit code in what the status channel of exec said at the end. */
export function exitCodeOf(text: string): number {
  const parsed = statusSchema.safeParse(parse(text));
  if (parsed.data?.status === 'Success') return 0;
  const cause = parsed.data?.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (cause?.message !== undefined) return Number(cause.message);
  throw new SubletError('API_ERROR', `exec failed: ${parsed.data?.message ?? 'the connection ended early'}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
