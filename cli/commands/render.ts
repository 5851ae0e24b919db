import type { Command } from 'commander';
import type { Bind } from '../bind';
import { readDeclaration } from '../cluster/declaration';
import type { Session } from '../session';
import { addDeclarationOptions } from './create';

interface RenderOptions {
  readonly namespace?: string;
  readonly kubernetesVersion?: string;
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly store?: 'ephemeral' | 'pvc';
}

/** Adds `sublet render`. */
export function registerRender(program: Command, bind: Bind): void {
  const command = addDeclarationOptions(program.command('render [name]'))
    .description('print the manifests of a virtual cluster; asks no server anything')
    .addHelpText('after', HELP);
  bind(command, render);
}

async function render(session: Session, command: Command): Promise<undefined> {
  const declaration = await readDeclaration(command.args[0], command.opts<RenderOptions>());
  if (session.globals.output !== 'json') session.out(declaration.yaml);
  else session.out(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: declaration.objects }, undefined, 2)}\n`);
  return undefined;
}

const HELP = `
Examples:
  $ sublet render team-a > team-a.yaml
  $ sublet render -f team-a.yaml --set dns.replicas=2 | kubectl diff -f -
  $ sublet render team-a -o json | jq -r '.items[].kind'
`;
