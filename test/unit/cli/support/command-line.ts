import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runShell } from '../../../../cli/shell';
import type { Surroundings } from '../../../../cli/surroundings';

/** What one run of the command gave. */
export interface RunResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command in a home of its own, whose kubeconfig leads to one server. */
export interface CommandLine extends AsyncDisposable {
  readonly home: string;
  readonly kubeconfig: string;
  run(...argv: readonly string[]): Promise<RunResult>;
}

/** Sets up a home directory with a kubeconfig for `server`. */
export async function commandLine(server: string, over: Partial<Surroundings> = {}): Promise<CommandLine> {
  const home = await mkdtemp(join(tmpdir(), 'sublet-test-'));
  const kubeconfig = join(home, 'config');
  await writeFile(
    kubeconfig,
    `apiVersion: v1
kind: Config
clusters:
- name: fake
  cluster:
    server: ${server}
users:
- name: fake
  user:
    token: secret-token
contexts:
- name: fake
  context:
    cluster: fake
    user: fake
current-context: fake
`,
  );
  return {
    home,
    kubeconfig,
    run: async (...argv) => {
      const [stdout, out] = sink();
      const [stderr, err] = sink();
      const code = await runShell(argv, {
        stdout,
        stderr,
        stdin: Readable.from([]),
        stdinIsTty: false,
        env: { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig },
        signal: new AbortController().signal,
        now: () => Date.parse('2026-01-02T00:00:00Z'),
        selfCommand: [process.execPath, '-e', 'process.exit(9)'],
        packageRoot: join(__dirname, '../../../..'),
        version: '0.1.0',
        ...over,
      });
      return { code, out: out(), err: err() };
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  };
}

function sink(): readonly [Writable, () => string] {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  return [stream, () => chunks.join('')];
}
