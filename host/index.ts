export { execInHost } from './access/exec';
export { kubectlDirectory } from './access/kubectl';
export { type MakeImageOptions, makeImage } from './images/archive';
export { loadImage } from './images/load-into-host';
export { AGNHOST_IMAGE, BUSYBOX_IMAGE } from './images/references';
export { baseEntries, program, type RootfsEntry } from './images/rootfs';
export { buildSyncerImage, type SyncerImageOptions } from './images/syncer-image';
export { hostDown } from './lifecycle/down';
export { hostStatus, listHosts } from './lifecycle/status';
export { hostUp } from './lifecycle/up';
export type {
  AuditScope,
  CommandResult,
  ComponentStatus,
  HostHandle,
  HostMode,
  HostOptions,
  HostStatus,
  HostStep,
} from './types';
