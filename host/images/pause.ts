import { createHash } from 'node:crypto';
import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from '../binaries/ensure';
import { cacheDirectory } from '../paths';
import { runChecked, runCommand } from '../process/command';
import { writeFileAtomic } from '../process/files';
import type { StepReporter } from '../steps';

/**
 * The process that holds a sandbox's namespaces: it reaps orphans, which matters where containers share a process
 * namespace, and ends when told. Upstream's does the same; it is compiled here because it is not released as a binary.
 */
const SOURCE = `#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void reap(int signal) { (void)signal; while (waitpid(-1, NULL, WNOHANG) > 0) {} }
static void end(int signal) { (void)signal; _exit(0); }

int main(void) {
  struct sigaction child = { .sa_handler = reap, .sa_flags = SA_NOCLDSTOP };
  struct sigaction stop = { .sa_handler = end };
  if (sigaction(SIGCHLD, &child, NULL) || sigaction(SIGTERM, &stop, NULL) || sigaction(SIGINT, &stop, NULL)) return 1;
  for (;;) pause();
}
`;

/** Compiles the program that holds sandboxes, unless the cache has it. @throws SubletError `HOST_SETUP` */
export async function ensurePause(steps: StepReporter): Promise<string> {
  const key = createHash('sha256').update(SOURCE).digest('hex').slice(0, 12);
  const directory = join(cacheDirectory(), 'bin', `pause-${key}`);
  const target = join(directory, 'pause');
  const present = await access(target).then(
    () => true,
    () => false,
  );
  if (present) return target;
  const compiler = await runCommand(['gcc', '--version']).catch(() => ({ code: 1 }));
  if (compiler.code !== 0) await installPackages(['gcc', 'libc6-dev'], 'compiling the sandbox program', steps);
  await mkdir(directory, { recursive: true });
  await writeFileAtomic(join(directory, 'pause.c'), SOURCE);
  const temporary = `${target}.${process.pid}`;
  await runChecked(['gcc', '-Os', '-Wall', '-static', '-o', temporary, join(directory, 'pause.c')]);
  await runChecked(['strip', temporary]);
  await rename(temporary, target);
  return target;
}
