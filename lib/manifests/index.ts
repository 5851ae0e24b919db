export { generate } from './generate';
export { renderYaml } from './render';
export type { Manifest, ManifestMetadata, Slot } from './slot';
