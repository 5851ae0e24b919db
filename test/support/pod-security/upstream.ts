import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { binaryPath } from '../../../host/binaries/cache';
import { ensureBinaries } from '../../../host/binaries/ensure';
import type { Tool } from '../../../host/binaries/tools';
import { NEWEST_KUBERNETES, stagingVersion } from '../../../host/binaries/versions';
import { stepReporter } from '../../../host/steps';
import type { PodSecurityLevel, PodSecurityVersion, SecuredPod } from '../../../syncer/isolation/pod-security';
import { output } from '../command';

/** A pod to decide. */
export interface Question {
  readonly pod: SecuredPod;
  readonly level: PodSecurityLevel;
  readonly version: PodSecurityVersion;
}

/** A check that forbids a pod, and upstream's words for it. */
export interface Forbidden {
  readonly check: string;
  readonly detail: string;
}

const PROGRAM = 'pod-security-upstream';
const answerSchema = z.array(z.object({ check: z.string(), detail: z.string() }));

/**
 * Asks the newest upstream's own evaluator: for each question, the checks that forbid the pod, in its order. The program
 * is built the first time.
 */
export async function askUpstream(questions: readonly Question[]): Promise<readonly (readonly Forbidden[])[]> {
  const tool = upstreamTool();
  await ensureBinaries([tool], stepReporter(undefined));
  const input = questions.map(({ pod, level, version }) =>
    JSON.stringify({ pod, level, version: version === 'latest' ? version : `v1.${version.minor}` }),
  );
  const lines = await output(binaryPath(tool, PROGRAM), [], { input: input.join('\n') });
  return lines
    .trim()
    .split('\n')
    .map((line) => answerSchema.parse(JSON.parse(line)));
}

function upstreamTool(): Tool {
  const program = readFileSync(join(__dirname, 'main.go'), 'utf8');
  const digest = createHash('sha256').update(program).digest('hex').slice(0, 8);
  return {
    // The cache tells binaries apart by name and version: another text is another tool.
    name: `${PROGRAM}-${digest}`,
    version: stagingVersion(NEWEST_KUBERNETES),
    binaries: [PROGRAM],
    go: { kind: 'wrapper', module: 'k8s.io/pod-security-admission', packages: ['policy'], program },
    releases: [],
  };
}
