import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../engine/kind';
import type { Recorder } from '../engine/recorder';
import type { Side } from '../engine/side';
import { RESOURCES } from '../kube/resources';
import { decideDefinition, versionOf } from './definition';
import type { CustomResourceDefinition } from './types';

/** What the declaration takes a custom kind to be. Kinds of features are taken as the host has them. */
export interface ExpectedKind {
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Both sides of one definition. */
export interface DefinitionSides {
  readonly host: Side<CustomResourceDefinition>;
  readonly virtual: Side<CustomResourceDefinition>;
}

/** Keeps one CustomResourceDefinition of the virtual cluster in step with the host's. */
export class DefinitionSync {
  /** The versions of both sides that are as much in line as the virtual API server allows. */
  #settled: string | undefined;

  constructor(
    private readonly name: string,
    private readonly sides: DefinitionSides,
    private readonly expected: ExpectedKind | undefined,
    private readonly recorder: Recorder,
  ) {}

  /**
   * Takes the next step.
   * @throws ApiError when a request fails: the caller tries again
   */
  async reconcile(): Promise<Outcome> {
    const { name, sides, expected } = this;
    const host = sides.host.get(name);
    const problem = host === undefined ? 'DefinitionMissing' : mismatch(host, expected);
    if (host === undefined || problem !== undefined) return { kind: 'refused', reason: problem ?? '' };
    const current = sides.virtual.get(name);
    if (current !== undefined && this.#settled === versionsOf(host, current)) return { kind: 'unchanged' };
    const decision = decideDefinition(host, current, expected?.version);
    switch (decision.kind) {
      case 'nothing':
        return { kind: 'unchanged' };
      case 'differs':
        if (current !== undefined) this.recorder.warn(customResourceDefinitions, current, 'DefinitionDiffers', DIFFERS);
        return { kind: 'conflict', reason: 'DefinitionDiffers' };
      case 'create':
        await sides.virtual.create(decision.object);
        return { kind: 'created' };
      case 'patch': {
        const written = await sides.virtual.patch(name, decision.patch);
        const left = decideDefinition(host, written, expected?.version);
        // An older API server drops fields that it does not know: writing them again would change nothing. What is left
        // beyond that was changed by somebody else in the meantime, and the watch brings it.
        if (left.kind === 'patch' && isDeepStrictEqual(left.patch, decision.patch)) {
          this.#settled = versionsOf(host, written);
        }
        return {
          kind: written.metadata.resourceVersion === current?.metadata.resourceVersion ? 'unchanged' : 'patched',
        };
      }
    }
  }
}

const { customResourceDefinitions } = RESOURCES;

const DIFFERS =
  'The host cluster has another definition of this kind than the one that was installed here, which is left alone. ' +
  'Objects that only this one allows can not be copied.';

function versionsOf(host: CustomResourceDefinition, virtual: CustomResourceDefinition): string {
  return `${host.metadata.resourceVersion}/${virtual.metadata.resourceVersion}`;
}

/** In what the host's definition is not what was declared, as the reason in the log. */
function mismatch(host: CustomResourceDefinition, expected: ExpectedKind | undefined): string | undefined {
  if (expected === undefined) return undefined;
  if (host.spec.names.kind !== expected.kind) return 'DefinitionOfAnotherKind';
  if ((host.spec.scope === 'Namespaced') !== expected.namespaced) return 'DefinitionOfAnotherScope';
  return versionOf(host, expected.version)?.served === true ? undefined : 'DefinitionWithoutVersion';
}
