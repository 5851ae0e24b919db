import type { Draft } from './draft';
import { externalDatabase, externalEtcd, isOutside } from './external-store';
import { text } from './readers';
import { feature, group, notNeeded, type Rule, unsupported } from './rules';
import { isEmpty, isTree, type Path, valueAt } from './tree';

const NO_ETCD =
  'an etcd in pods of its own is not made: use an etcd that there is, or a database (docs/guides/stores.md)';

/** `controlPlane.backingStore`. */
export const backingStore: Rule = group({
  database: group({
    embedded: group({
      enabled: notNeeded('SQLite is the store where no other is named'),
      dataSource: notNeeded('where the file of SQLite lies is fixed'),
      extraArgs: unsupported('kine is set up by Sublet; flags are not added'),
    }),
    external: externalDatabase,
  }),
  etcd: group({
    embedded: feature(NO_ETCD),
    external: externalEtcd,
    deploy: feature(NO_ETCD),
  }),
});

const PERSISTENCE: Path = ['store', 'persistence'];
const MODES = ['ReadWriteOnce', 'ReadWriteOncePod'];

/** `controlPlane.statefulSet.persistence`. */
export const persistence: Rule = (value, from, draft) => {
  if (isOutside(draft)) {
    draft.note('notNeeded', from, 'the store is outside, and the pod has no volume');
    return;
  }
  const inMemory = valueAt(value, ['volumeClaim', 'enabled']) === false || hasEmptyDir(valueAt(value, ['dataVolume']));
  group({
    volumeClaim: inMemory ? ephemeralClaim : volumeClaim,
    dataVolume: (volumes, path) => {
      if (isEmpty(volumes)) draft.note('default', path, 'is empty');
      else if (hasEmptyDir(volumes)) keepInMemory(path, draft);
      else draft.note('unsupported', path, 'the volume is a claim or a volume of the pod: store.persistence');
    },
    binariesVolume: notNeeded('programs are not copied: each component has its image'),
    volumeClaimTemplates: noVolumes,
    addVolumes: noVolumes,
    addVolumeMounts: noVolumes,
  })(value, from, draft);
};

const noVolumes: Rule = (value, from, draft) => {
  if (isEmpty(value)) draft.note('default', from, 'is empty');
  else
    draft.note(
      'unsupported',
      from,
      'the pod gets no further volumes; patch the StatefulSet: ApiObject.of(cluster) in cdk8s, transforms in Pulumi',
    );
};

const ephemeralClaim: Rule = (value, from, draft) => {
  if (isEmpty(value) || !isTree(value)) {
    draft.note('notNeeded', from, 'there is no claim');
    return;
  }
  for (const key of Object.keys(value)) {
    if (key === 'enabled' && valueAt(value, [key]) === false) keepInMemory([...from, key], draft);
    else draft.note('notNeeded', [...from, key], 'there is no claim');
  }
};

function keepInMemory(from: Path, draft: Draft): void {
  draft.imply(['store', 'kind'], 'sqlite');
  draft.set(from, [...PERSISTENCE, 'kind'], 'ephemeral');
}

const volumeClaim: Rule = (value, from, draft) => {
  const claimed = (key: string, ...defaults: readonly unknown[]): Rule => {
    return (given, path) => {
      if (isEmpty(given) || defaults.includes(given)) return draft.note('default', path, 'is the default here');
      draft.imply(['store', 'kind'], 'sqlite');
      draft.imply([...PERSISTENCE, 'kind'], 'volumeClaim');
      draft.set(path, [...PERSISTENCE, key], key === 'whenDeleted' ? lower(given) : text(given));
    };
  };
  group({
    enabled: (_value, path) => draft.note('default', path, 'the store is on a volume here too'),
    size: claimed('size', '5Gi'),
    storageClass: claimed('storageClass'),
    retentionPolicy: claimed('whenDeleted', 'Retain'),
    accessModes: (modes, path) => {
      const fits = isEmpty(modes) || (Array.isArray(modes) && modes.every((mode) => MODES.includes(mode)));
      if (fits) draft.note('default', path, 'the volume is for one pod');
      else draft.note('unsupported', path, 'the volume is for one pod: ReadWriteOnce');
    },
  })(value, from, draft);
};

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function hasEmptyDir(volumes: unknown): boolean {
  return Array.isArray(volumes) && volumes.some((volume) => isTree(volume) && 'emptyDir' in volume);
}
