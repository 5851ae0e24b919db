import type { Command } from 'commander';
import type { Bind } from '../bind';
import { registerAudit } from './audit';
import { registerBackup } from './backup';
import { registerCompletion } from './completion';
import { registerConnect } from './connect';
import { registerConvert } from './convert';
import { registerCreate } from './create';
import { registerDelete } from './delete';
import { registerDemo } from './demo';
import { registerDisconnect } from './disconnect';
import { registerExplain } from './explain';
import { registerHost } from './host';
import { registerList } from './list';
import { registerPlan } from './plan';
import { registerRender } from './render';
import { registerRestore } from './restore';
import { registerStatus } from './status';
import { registerTunnel } from './tunnel';
import { registerVersion } from './version';

/** Adds all commands, in the order in which help shows them. */
export function registerCommands(program: Command, bind: Bind): void {
  const register = [
    registerCreate,
    registerConnect,
    registerDisconnect,
    registerList,
    registerStatus,
    registerAudit,
    registerDelete,
    registerBackup,
    registerRestore,
    registerRender,
    registerPlan,
    registerExplain,
    registerConvert,
    registerHost,
    registerDemo,
    registerCompletion,
    registerVersion,
    registerTunnel,
  ];
  for (const add of register) add(program, bind);
}
