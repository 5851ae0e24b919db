import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { example } from '../../support/examples';

/** An object as tests look into it. */
export interface SynthesizedObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
  readonly [field: string]: any;
}

/** What a cdk8s program of an example writes: the objects of each file, by its name without the ending. */
export function synthesized(program: string): { readonly [file: string]: readonly SynthesizedObject[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'sublet-example-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.isolateModules(() => require(example(program)));
    return Object.fromEntries(
      readdirSync(outdir).map((file) => [
        file.replace(/\.k8s\.yaml$/, ''),
        parseAllDocuments(readFileSync(join(outdir, file), 'utf8')).map((document) => document.toJS()),
      ]),
    );
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

/** The only object of a kind. */
export function theOnly(kind: string, objects: readonly SynthesizedObject[] = []): SynthesizedObject {
  const [found, ...others] = objects.filter((object) => object.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`not one ${kind}, but ${others.length}`);
  return found;
}
