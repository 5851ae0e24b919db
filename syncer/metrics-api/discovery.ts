import { METRICS_API } from './types';

const GROUP_VERSION = `${METRICS_API.group}/${METRICS_API.version}`;
const VERSION = { groupVersion: GROUP_VERSION, version: METRICS_API.version };
const GROUP = { name: METRICS_API.group, versions: [VERSION], preferredVersion: VERSION };

/** The documents by which clients find out what there is. */
export const DISCOVERY = {
  groups: { kind: 'APIGroupList', apiVersion: 'v1', groups: [GROUP] },
  group: { kind: 'APIGroup', apiVersion: 'v1', ...GROUP },
  version: {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: GROUP_VERSION,
    resources: [
      { name: 'nodes', singularName: 'node', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
      { name: 'pods', singularName: 'pod', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    ],
  },
} as const;
