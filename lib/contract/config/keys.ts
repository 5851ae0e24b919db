/**
 * The syncer's configuration: ConfigMaps labelled with the virtual cluster's name, one a section, each with one key
 * `config.json`. A construct owns its section; the syncer watches them all and syncs nothing until every section that
 * the cluster requires is there.
 */
export const SECTION_KEY = 'config.json';

/** Environment of the syncer container: what it must know before it can read anything. */
export const SYNCER_ENV = {
  /** The virtual cluster's name. */
  cluster: 'SUBLET_CLUSTER',
  /** The host namespace that it lives in. */
  namespace: 'SUBLET_NAMESPACE',
  /** The pod's own name and IP, by the downward API. */
  podName: 'SUBLET_POD_NAME',
  podIp: 'SUBLET_POD_IP',
  /** Comma-separated names of the sections that must exist before any workload is synced. */
  requiredSections: 'SUBLET_REQUIRED_SECTIONS',
  /** `true` where several pods can serve the virtual cluster, as its store is outside of them. */
  replicated: 'SUBLET_REPLICATED',
  logLevel: 'SUBLET_LOG_LEVEL',
} as const;
