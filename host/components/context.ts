import { join } from 'node:path';
import { binaryPath } from '../binaries/cache';
import { agnhostTool, controlPlaneTool, nodeTool, TOOLS, type Tool } from '../binaries/tools';
import { NEWEST_KUBERNETES } from '../binaries/versions';
import { inNetwork } from '../network/namespace';
import type { HostPaths } from '../paths';
import type { AuditScope, HostMode } from '../types';

/** What the command lines of a host's daemons are made from. */
export interface HostContext {
  readonly paths: HostPaths;
  readonly mode: HostMode;
  readonly audit: AuditScope;
  /** Kubernetes version of the control plane. */
  readonly version: string;
}

/** The tools that a host of this mode runs. */
export function toolsOf(mode: HostMode, version: string = NEWEST_KUBERNETES): readonly Tool[] {
  const common: readonly Tool[] = [TOOLS.etcd, controlPlaneTool(version), nodeTool()];
  if (mode === 'kwok') return [...common, TOOLS.kwok];
  const { containerd, runc, cniPlugins, coredns, registry, kine, localPathProvisioner } = TOOLS;
  return [...common, containerd, runc, cniPlugins, coredns, registry, kine, localPathProvisioner, agnhostTool()];
}

/** The path of the host's own binary of that name. */
export function binary(name: string): string {
  const tools: readonly Tool[] = [...toolsOf('node'), TOOLS.kwok];
  const tool = tools.find(({ binaries }) => binaries.includes(name));
  return tool === undefined ? name : binaryPath(tool, name);
}

/** A file of the host's PKI. */
export function pkiFile(context: HostContext, file: string): string {
  return join(context.paths.pki, file);
}

/** A command inside of the host's network namespace. */
export function networked(context: HostContext, program: string, flags: readonly string[]): string[] {
  const controlPlane = controlPlaneTool(context.version);
  const path = controlPlane.binaries.includes(program) ? binaryPath(controlPlane, program) : binary(program);
  return [...inNetwork(context.paths), path, ...flags];
}
