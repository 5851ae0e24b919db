import { specialSecretSig, specialSigKey, unknownValue } from '@pulumi/pulumi/runtime/rpc';

/** A value as the engine sends it: JSON, with secrets wrapped and a certain text for what is not known yet. */
export type Value = string | number | boolean | null | undefined | readonly Value[] | Properties;

/** The properties of a resource, by name. */
export interface Properties {
  readonly [name: string]: Value;
}

/** Whether a value has fields: neither a text, nor a list, nor nothing. */
export function isProperties(value: Value): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in which every secret stands open. */
export function revealed(value: Value): Value {
  if (Array.isArray(value)) return value.map(revealed);
  if (!isProperties(value)) return value;
  if (isSecret(value)) return revealed(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, revealed(field)]));
}

/** {@link revealed} of all properties of a resource. */
export function revealedProperties(properties: Properties): Properties {
  const open = revealed(properties);
  return isProperties(open) ? open : {};
}

/** Whether something in a value is not known yet. */
export function hasUnknown(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isProperties(value)) return Object.values(value).some(hasUnknown);
  return value === unknownValue;
}

/** Hides from a value what is secret at the same place of `model`. */
export function hiddenAs(value: Value, model: Value): Value {
  if (isProperties(model) && isSecret(model)) return secret(value);
  if (isProperties(value) && isProperties(model)) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, hiddenAs(field, model[name])]));
  }
  if (Array.isArray(value) && Array.isArray(model)) return value.map((item, index) => hiddenAs(item, model[index]));
  return value;
}

/** Marks a value as secret, unless it is so already or there is none. */
export function secret(value: Value): Value {
  if (value === undefined || (isProperties(value) && isSecret(value))) return value;
  return { [specialSigKey]: specialSecretSig, value };
}

/** What a property path leads to, or `undefined`. Secrets on the way must be open. */
export function fieldAt(value: Value, ...path: readonly string[]): Value {
  return path.reduce<Value>((at, name) => (isProperties(at) ? at[name] : undefined), value);
}

/** A text field, or `undefined` where there is something else. */
export function textAt(value: Value, ...path: readonly string[]): string | undefined {
  const found = fieldAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** A number field, or `undefined` where there is something else. */
export function numberAt(value: Value, ...path: readonly string[]): number | undefined {
  const found = fieldAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The items of a list field; none where there is something else. */
export function itemsAt(value: Value, ...path: readonly string[]): readonly Value[] {
  const found = fieldAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

function isSecret(value: Properties): boolean {
  return value[specialSigKey] === specialSecretSig;
}
