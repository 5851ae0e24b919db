/** A toleration as the Kubernetes API has it. */
export interface ParsedToleration {
  /** Key of the taint; absent for every taint. */
  readonly key?: string;
  /** Whether the value counts. */
  readonly operator: 'Exists' | 'Equal';
  /** Value of the taint, for `Equal`. */
  readonly value?: string;
  /** Effect of the taint; absent for every effect. */
  readonly effect?: string;
}

const EFFECTS: ReadonlySet<string> = new Set(['NoSchedule', 'PreferNoSchedule', 'NoExecute']);

/**
 * Reads a toleration in vCluster's short form: `*` (every taint), `key`, `key=value`, `key:Effect` or
 * `key=value:Effect`. Undefined for any other text.
 */
export function parseToleration(text: string): ParsedToleration | undefined {
  if (text === '*') return { operator: 'Exists' };
  const [, key, value, effect] = /^([^=:*]+)(?:=([^=:]*))?(?::(\w+))?$/.exec(text) ?? [];
  if (key === undefined || (effect !== undefined && !EFFECTS.has(effect))) return undefined;
  return {
    key,
    ...(value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value }),
    ...(effect === undefined ? {} : { effect }),
  };
}
