import { isDeepStrictEqual } from 'node:util';
import type { NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { LABELS } from '../../../lib/contract';
import { type IsolatedCluster, isolationPolicies, isolationPolicyNameElsewhere } from '../../../lib/contract/network';
import { clusterScopedMarker } from '../../engine/placement';
import type { Side } from '../../engine/side';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { ApiError } from '../../kube/api-error';
import { RESOURCES } from '../../kube/resources';
import type { KubeObject } from '../../kube/types';
import { isolatedCluster } from './isolated';

/** A policy of the isolation as the host holds it. */
export interface HostPolicy extends KubeObject {
  readonly spec: NetworkPolicySpec;
}

/**
 * The policies that keep pods in, in host namespaces that virtual ones have of their own. The declaration can't hold
 * them: the namespaces' names follow from what tenants create.
 */
export class HostPolicies {
  readonly #side: Side<HostPolicy>;
  readonly #scope: string;

  private constructor(
    side: Side<HostPolicy>,
    private readonly of: IsolatedCluster,
    private readonly context: ClusterContext,
  ) {
    this.#side = side;
    this.#scope = clusterScopedMarker(context);
  }

  /** Those of this virtual cluster, `undefined` where isolation leaves the network alone. */
  static of(sides: SideRegistry, context: ClusterContext): HostPolicies | undefined {
    const of = isolatedCluster(context);
    if (of?.place !== 'elsewhere') return undefined;
    const labelSelector = `${LABELS.scope}=${clusterScopedMarker(context)},${LABELS.isolates}=network`;
    return new HostPolicies(sides.foreign<HostPolicy>(RESOURCES.networkPolicies, { labelSelector }), of, context);
  }

  /** Calls back with the host namespace whenever one of the policies changes. */
  subscribe(changed: (namespace: string) => void): void {
    this.#side.cache.subscribe((change) => {
      changed((change.kind === 'deleted' ? change.previous : change.object).metadata.namespace ?? '');
    });
  }

  /** Whether all policies of a host namespace are there as they must be: only then may a pod be put into it. */
  areIn(namespace: string): boolean {
    return this.#desired(namespace).every((one) => this.#isRight(one));
  }

  /**
   * Makes the policies of a host namespace what they must be.
   * @returns how many were written
   * @throws ApiError when a request fails
   */
  async ensureIn(namespace: string): Promise<number> {
    let written = 0;
    for (const one of this.#desired(namespace)) {
      if (this.#isRight(one)) continue;
      await this.#write(one);
      written += 1;
    }
    for (const found of this.#side.cache.list()) {
      const { name = '', uid } = found.metadata;
      if (found.metadata.namespace !== namespace || uid === undefined) continue;
      if (this.#desired(namespace).some(({ metadata }) => metadata.name === name)) continue;
      await this.#side.delete(`${namespace}/${name}`, { uid });
      written += 1;
    }
    return written;
  }

  #desired(namespace: string): readonly HostPolicy[] {
    const labels = { [LABELS.scope]: this.#scope, [LABELS.isolates]: 'network' };
    return isolationPolicies(this.of, this.context.sections.sync.labels).map(({ part, spec }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: isolationPolicyNameElsewhere(this.#scope, part), namespace, labels },
      spec,
    }));
  }

  #isRight(desired: HostPolicy): boolean {
    const { namespace, name } = desired.metadata;
    const found = this.#side.get(`${namespace}/${name}`);
    return (
      found !== undefined &&
      found.metadata.deletionTimestamp === undefined &&
      isDeepStrictEqual(plain(found.spec), plain(desired.spec))
    );
  }

  /** What somebody has changed is put back in one write, as a whole: there is no moment without the policy. */
  async #write(desired: HostPolicy): Promise<void> {
    const { namespace, name, labels } = desired.metadata;
    try {
      await this.#side.create(desired);
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
      const whole = [
        { op: 'add', path: '/metadata/labels', value: labels },
        { op: 'replace', path: '/spec', value: desired.spec },
      ];
      await this.#side.patch(`${namespace}/${name}`, whole, { type: 'application/json-patch+json' });
    }
  }
}

/** Without what is absent either way. */
function plain(spec: NetworkPolicySpec): unknown {
  return JSON.parse(JSON.stringify(spec, (_, value: unknown) => (isEmpty(value) ? undefined : value)));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
