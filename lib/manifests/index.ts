export { generate } from './generate';
export {
  type CurrentManifest,
  EFFECTS,
  type Effect,
  type FieldChange,
  type FieldTree,
  type ManagedFields,
  type Plan,
  type PlannedChange,
  type PlannedObject,
  type PlanOptions,
  planChanges,
} from './plan';
export { renderYaml } from './render';
export type { Manifest, ManifestMetadata, Slot } from './slot';
