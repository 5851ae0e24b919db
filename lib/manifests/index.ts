export { generate } from './generate';
export * from './plan';
export { renderYaml } from './render';
export type { Manifest, ManifestMetadata, Slot } from './slot';
