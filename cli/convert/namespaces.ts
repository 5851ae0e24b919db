import { patchesOf } from './patches-rule';
import { enabled, group, type Rule, unsupported } from './rules';
import { isEmpty, isTree, valueAt } from './tree';

const MODE = ['namespaces', 'mode'];

/** `sync.toHost.namespaces`: host namespaces for virtual ones. */
export const namespaces: Rule = (value, from, draft) => {
  const on = enabled(value) && !isEmpty(valueAt(value, ['mappings', 'byName']));
  group({
    enabled: (_switch, path) => {
      if (on) draft.set(path, MODE, 'mapped');
      else if (enabled(value)) draft.note('unsupported', path, 'say which namespaces are meant: namespaces.mappings');
      else draft.note('default', path, 'all objects lie in one host namespace here too');
    },
    mappingsOnly: (only, path) => {
      if (only === true && on) draft.set(path, ['namespaces', 'unmapped'], 'none');
      else draft.note('default', path, 'other namespaces lie in the host namespace of the virtual cluster');
    },
    mappings: group({ byName: on ? byName : switchedOff }),
    extraLabels: unsupported('the syncer makes host namespaces without further labels: label them yourself'),
    patches: patchesOf,
  })(value, from, draft);
};

const switchedOff: Rule = (_value, from, draft) => draft.note('notNeeded', from, 'is switched off');

const byName: Rule = (value, from, draft) => {
  if (!isTree(value)) {
    draft.note('unknown', from, 'is not a mapping of names, as vCluster wants it');
    return;
  }
  for (const [index, [virtual, host]] of Object.entries(value).entries()) {
    const named = typeof host === 'string' ? host.replaceAll(/\$\{name\}/g, draft.name) : host;
    const rule = { virtual: virtual.replaceAll(/\$\{name\}/g, draft.name), host: named };
    draft.set([...from, virtual], ['namespaces', 'mappings', index], rule);
  }
};
