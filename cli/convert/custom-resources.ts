import type { Rule } from './rules';
import { isTree } from './tree';

/**
 * The rule for custom resources by definition. Which kind and version a definition has, and which fields name other
 * objects, can't be told from the values.
 * @param advice what is to be declared for a definition instead
 */
export function customResources(advice: (definition: string) => string): Rule {
  return (value, from, draft) => {
    if (!isTree(value)) return draft.note('default', from, 'is empty');
    for (const [definition, options] of Object.entries(value)) {
      const place = [...from, definition];
      if (!isTree(options) || options.enabled !== true) draft.note('default', place, 'is switched off');
      else draft.note('unsupported', place, advice(definition));
    }
  };
}
