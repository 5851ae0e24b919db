export { planChanges } from './plan-changes';
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
} from './types';
