/** How much of a node the host cluster has: a real kubelet, or nodes that KWOK simulates. */
export type HostMode = 'node' | 'kwok';

/**
 * Which requests an audit log tells of, at level Metadata: all (`true`), none, or those of service accounts, and beside
 * them each role and binding that is written, in full.
 */
export type AuditScope = boolean | 'serviceAccounts';

/** What an embedded host cluster shall be like. */
export interface HostOptions {
  /**
   * Name of the host; hosts of different names run side by side.
   * @default 'default'
   */
  readonly name?: string;
  /** @default 'node' */
  readonly mode?: HostMode;
  /**
   * Number of simulated nodes, in mode `kwok` only.
   * @default 10
   */
  readonly nodes?: number;
  /**
   * Kubernetes version (`1.33.13`) of the host's own control plane, in mode `kwok` only: a real node has the newest.
   * @default the newest
   */
  readonly version?: string;
  /**
   * Kubernetes versions (`1.37.2`) whose control-plane images the host shall have ready.
   * @default the newest only
   */
  readonly kubernetesVersions?: readonly string[];
  /**
   * Of which requests the host's API server writes `audit.log` into the host's directory.
   * @default false
   */
  readonly audit?: AuditScope;
  /** Called at the beginning and end of each step. */
  readonly onStep?: (step: HostStep) => void;
  /** Stops the work; what was begun stays, so that a later `hostUp` resumes and `hostDown` removes it. */
  readonly signal?: AbortSignal;
}

/** Progress of `hostUp` and `hostDown`. */
export interface HostStep {
  /** What is being done, in the infinitive: `start etcd`. */
  readonly name: string;
  readonly state: 'started' | 'done' | 'skipped' | 'failed';
  /** Further facts: a duration, a version, a reason. */
  readonly detail?: string;
}

/** A host cluster that is up. */
export interface HostHandle {
  readonly name: string;
  readonly mode: HostMode;
  /** Path of an admin kubeconfig that works outside of the host's network namespace. */
  readonly kubeconfig: string;
  /** Name of the network namespace, as `ip netns` shows it. */
  readonly networkNamespace: string;
  /** Where the host keeps its state and logs. */
  readonly directory: string;
  /** Name of the node; of the first one, in mode `kwok`. */
  readonly nodeName: string;
}

/** One daemon of a host cluster. */
export interface ComponentStatus {
  readonly name: string;
  readonly running: boolean;
  readonly pid: number;
  /** Path of its log. */
  readonly log: string;
}

/** What is left or running of a host cluster. */
export interface HostStatus {
  readonly name: string;
  /** `running`: the API answers and every daemon lives; `degraded`: some do not; `absent`: there is nothing. */
  readonly state: 'running' | 'degraded' | 'absent';
  readonly mode: HostMode;
  readonly kubeconfig: string;
  readonly networkNamespace: string;
  readonly directory: string;
  readonly nodeName: string;
  readonly components: readonly ComponentStatus[];
}

/** What a command printed and how it ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; 128 + signal number when a signal ended it. */
  readonly code: number;
}
