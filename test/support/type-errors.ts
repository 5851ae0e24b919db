import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'examples', 'in-memory');

/**
 * What the compiler says about files that exist in memory only, as if they lay beside the examples: the package's names
 * lead to its sources.
 * @param files text by file name
 */
export function typeErrors(files: ReadonlyMap<string, string>): readonly string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT);
  const texts = new Map([...files].map(([name, text]) => [join(FOLDER, name), text]));
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const { readFile, fileExists, getSourceFile } = host;
  const program = ts.createProgram({
    rootNames: [...texts.keys()],
    options: { ...options, noEmit: true, declaration: false, noUnusedLocals: false },
    host: {
      ...host,
      fileExists: (file) => texts.has(file) || fileExists(file),
      readFile: (file) => texts.get(file) ?? readFile(file),
      getSourceFile: (file, version, ...others) => {
        const text = texts.get(file);
        return text === undefined ? getSourceFile(file, version, ...others) : ts.createSourceFile(file, text, version);
      },
    },
  });
  return [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((diagnostic) => describe(diagnostic));
  });
}

function describe({ file, start = 0, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined) return message;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName.slice(FOLDER.length + 1)}:${line + 1}: ${message}`;
}
