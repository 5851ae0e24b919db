import { patchesOf } from './patches-rule';
import { group, type Rule } from './rules';
import { isEmpty, isTree } from './tree';

interface Place {
  readonly namespace?: string;
  readonly name?: string;
}

/** `sync.fromHost.configMaps` and `sync.fromHost.secrets`: objects by name, `namespace/name` on each side. */
export function fromHostConfig(kind: 'configMaps' | 'secrets'): Rule {
  return (value, from, draft) => {
    const on = isTree(value) && value.enabled === true;
    group({
      enabled: (_value, path) =>
        draft.note('default', path, on ? 'mappings alone switch it on' : 'nothing is shown without mappings'),
      mappings: group({ byName: byName(kind, on) }),
      selector: (_value, path) => draft.note('unsupported', path, 'objects are chosen by name: list them in mappings'),
      patches: patchesOf,
    })(value, from, draft);
  };
}

function byName(kind: string, on: boolean): Rule {
  return (value, from, draft) => {
    if (isEmpty(value)) return draft.note('default', from, 'is empty');
    if (!isTree(value)) return draft.note('unknown', from, 'is not a mapping of names, as vCluster wants it');
    if (!on) return draft.note('notNeeded', from, 'is switched off');
    for (const [index, [host, virtual]] of Object.entries(value).entries()) {
      const to = ['sync', 'fromHost', kind, 'mappings', index];
      draft.set([...from, host], to, { host: hostPlace(host), virtual: virtualPlace(virtual, host) });
    }
  };
}

/** `""` is all of the virtual cluster's own host namespace, `/name` one object of it. */
function hostPlace(text: string): Place {
  const [namespace = '', name = '*'] = text.split('/');
  return { ...(namespace === '' ? {} : { namespace }), ...(name === '*' || name === '' ? {} : { name }) };
}

function virtualPlace(value: unknown, host: string): unknown {
  if (typeof value !== 'string') return value;
  const [namespace, name = '*'] = value.split('/');
  // The same name on both sides is the default.
  return { namespace, ...(name === '*' || name === hostPlace(host).name ? {} : { name }) };
}
