import { safeConcat } from '../../../lib/contract';
import { hostNamespaceOf, hostPlace } from '../../engine/placement';
import type { Replacements } from '../../engine/scrub';
import type { ClusterContext, Warning } from '../../engine/types';
import { isGranted, type Party } from './grants';
import type { GatewaySurroundings } from './surroundings';
import type { ObjectRef } from './types';

/** Why a reference may not be followed, in the words of the Gateway API. */
export type Denial = Warning & { readonly reason: 'RefNotPermitted' | 'UnsupportedReference' };

/**
 * Translates the references of one object. What may not be referred to becomes a name under which there is nothing, so
 * that the host's controller treats it as the Gateway API demands: requests that would go there fail, instead of going
 * somewhere else.
 */
export class HostRefs {
  readonly #denials: Denial[] = [];
  readonly #names: (readonly [host: string, virtual: string])[] = [];

  constructor(
    private readonly from: Party,
    private readonly ctx: ClusterContext,
    private readonly surroundings: Pick<GatewaySurroundings, 'grants'>,
  ) {}

  /** What was denied so far. */
  get denials(): readonly Denial[] {
    return this.#denials;
  }

  /** The names of the host that the controller may put into messages, each with the tenant's. */
  get names(): Replacements {
    return this.#names;
  }

  /** The host's reference for one to an object of the core group, of this kind where it names none. */
  core(ref: ObjectRef, kind: 'Service' | 'Secret' | 'ConfigMap', field: string): ObjectRef {
    const named = { group: ref.group ?? '', kind: ref.kind ?? kind };
    if (named.group !== '' || named.kind !== kind) {
      const what = named.group === '' ? named.kind : `${named.kind} of ${named.group}`;
      return this.#deny(
        ref,
        'UnsupportedReference',
        `${field}: it names a ${what}; only a ${kind} can be named here.`,
        kind,
      );
    }
    const namespace = ref.namespace ?? this.from.namespace;
    if (namespace !== this.from.namespace) {
      const target = { group: '', kind, namespace, name: ref.name };
      if (!isGranted(this.from, target, this.surroundings.grants(namespace))) {
        const why = `no ReferenceGrant in namespace ${namespace} lets a ${this.from.kind} of ${this.from.namespace} name it.`;
        return this.#deny(ref, 'RefNotPermitted', `${field}: ${why}`, kind);
      }
    }
    return this.#placed(ref, namespace);
  }

  /** Notes that something can't be referred to. */
  refuse(reason: Denial['reason'], message: string): void {
    this.#denials.push({ reason, message });
  }

  /** The name of a Service that does not exist. */
  get nowhere(): string {
    return safeConcat('nowhere', 'x', this.ctx.cluster);
  }

  #placed({ group, kind, name }: ObjectRef, namespace: string): ObjectRef {
    const place = hostPlace(name, namespace, this.ctx, kind);
    this.#names.push([place.name, name]);
    const elsewhere = place.namespace !== hostNamespaceOf(this.from.namespace, this.ctx);
    return {
      ...(group !== undefined && { group }),
      ...(kind !== undefined && { kind }),
      name: place.name,
      ...(elsewhere && place.namespace !== undefined && { namespace: place.namespace }),
    };
  }

  #deny({ name }: ObjectRef, reason: Denial['reason'], message: string, kind: string): ObjectRef {
    this.refuse(reason, message);
    this.#names.push([this.nowhere, name]);
    return { group: '', kind, name: this.nowhere };
  }
}
