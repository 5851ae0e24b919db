import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { moduleSource } from '../../../host/binaries/go-modules';
import { stagingVersion } from '../../../host/binaries/versions';
import type { PodSecurityLevel, SecuredPod } from '../../../syncer/isolation/pod-security';

/** One of upstream's pods, and what upstream says becomes of it. */
export interface Fixture {
  /** Path below upstream's folder of fixtures: `baseline/v1.37/fail/privileged0.yaml`. */
  readonly file: string;
  readonly level: PodSecurityLevel;
  readonly minor: number;
  readonly passes: boolean;
  /** The check that it was made for, in small letters; `base`, `base_linux` or `base_windows` for none. */
  readonly check: string;
  readonly pod: SecuredPod;
}

/** All fixtures of a Kubernetes version's Pod Security module, which Go fetches the first time. */
export async function readFixtures(kubernetes: string): Promise<readonly Fixture[]> {
  const module = `k8s.io/pod-security-admission@v${stagingVersion(kubernetes)}`;
  const folder = join(await moduleSource(module), 'test', 'testdata');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => readFixture(folder, join(entry.parentPath, entry.name)));
}

const FILE = /^(baseline|restricted)\/v1\.(\d+)\/(pass|fail)\/([a-z_]+)\d*\.yaml$/;

function readFixture(folder: string, path: string): Fixture {
  const file = relative(folder, path).replaceAll(sep, '/');
  const [, level, minor, verdict, check = ''] = FILE.exec(file) ?? [];
  if (level !== 'baseline' && level !== 'restricted') throw new Error(`${file} is no fixture as they used to be`);
  return { file, level, minor: Number(minor), passes: verdict === 'pass', check, pod: readPod(path) };
}

/** Most fixtures are the same in many versions. */
const pods = new Map<string, SecuredPod>();

function readPod(path: string): SecuredPod {
  const text = readFileSync(path, 'utf8');
  const pod = pods.get(text) ?? withDefaults(parse(text));
  pods.set(text, pod);
  return pod;
}

/** Upstream creates the pods at an API server, which takes a volume without a source for an `emptyDir` before it decides. */
function withDefaults(pod: SecuredPod): SecuredPod {
  const volumes = (pod.spec.volumes ?? []).map((volume) =>
    Object.keys(volume).length > 1 ? volume : { ...volume, emptyDir: {} },
  );
  return { ...pod, spec: { ...pod.spec, volumes } };
}
