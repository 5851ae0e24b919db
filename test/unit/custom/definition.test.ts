import { decideDefinition } from '../../../syncer/custom/definition';
import type { CustomResourceDefinition, DefinitionVersion } from '../../../syncer/custom/types';

const version = (name: string, more: Partial<DefinitionVersion> = {}): DefinitionVersion => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
  ...more,
});

function host(spec: Partial<CustomResourceDefinition['spec']> = {}): CustomResourceDefinition {
  return {
    metadata: {
      name: 'foos.example.com',
      uid: 'h-1',
      labels: { 'app.kubernetes.io/name': 'operator', 'vcluster.loft.sh/managed-by': 'x' },
      annotations: { 'api-approved.kubernetes.io': 'yes', 'meta.helm.sh/release-name': 'operator' },
      finalizers: ['example.com/hold'],
    },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'foos', kind: 'Foo', singular: 'foo', listKind: 'FooList' },
      conversion: { strategy: 'None' },
      versions: [version('v1')],
      ...spec,
    },
    status: { storedVersions: ['v1'], conditions: [{ type: 'Established', status: 'True' }] },
  };
}

/** What the virtual API server holds after the copy of `host()` was made. */
function copy(of = host(), status: CustomResourceDefinition['status'] = { storedVersions: ['v1'] }) {
  const decision = decideDefinition(of, undefined, undefined);
  if (decision.kind !== 'create') throw new Error(decision.kind);
  return { ...decision.object, status };
}

describe('the definition of a custom kind in the virtual cluster', () => {
  it('is made of the host’s, without what steers the host’s release and without its status', () => {
    expect(decideDefinition(host(), undefined, undefined)).toEqual({
      kind: 'create',
      object: {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: {
          name: 'foos.example.com',
          labels: { 'app.kubernetes.io/name': 'operator', 'sublet.dev/imported': 'true' },
          annotations: { 'api-approved.kubernetes.io': 'yes', 'sublet.dev/imported-uid': 'h-1' },
        },
        spec: host().spec,
      },
    });
  });

  it('is left alone when nothing has changed', () => {
    expect(decideDefinition(host(), copy(), undefined)).toEqual({ kind: 'nothing' });
  });

  it('follows when the host’s schema changes', () => {
    const changed = host({ versions: [version('v1', { schema: { openAPIV3Schema: { type: 'object' } } })] });
    expect(decideDefinition(changed, copy(), undefined)).toEqual({
      kind: 'patch',
      patch: { spec: { versions: changed.spec.versions } },
    });
  });

  it('is put back when the tenant has changed it', () => {
    const current = copy();
    const changed = { ...current, spec: { ...current.spec, names: { ...current.spec.names, shortNames: ['f'] } } };
    expect(decideDefinition(host(), changed, undefined)).toEqual({
      kind: 'patch',
      patch: { spec: { names: { shortNames: null } } },
    });
  });

  it('keeps a version in which objects are stored, though the host has given it up', () => {
    const old = copy(host({ versions: [version('v1beta1')] }), { storedVersions: ['v1beta1'] });
    const decision = decideDefinition(host(), old, undefined);
    expect(decision).toEqual({
      kind: 'patch',
      patch: { spec: { versions: [version('v1'), version('v1beta1', { served: false, storage: false })] } },
    });
  });

  it('serves only the copied version where the host converts by a webhook', () => {
    const both = host({
      conversion: { strategy: 'Webhook' },
      versions: [version('v1beta1', { storage: false }), version('v1'), version('v2', { storage: false })],
    });
    const names = (chosen: string | undefined) => {
      const decision = decideDefinition(both, undefined, chosen);
      return decision.kind === 'create'
        ? [decision.object.spec.conversion, ...decision.object.spec.versions.filter(({ served }) => served)]
        : decision;
    };
    expect(names('v2')).toEqual([{ strategy: 'None' }, version('v2')]);
    expect(names(undefined)).toEqual([{ strategy: 'None' }, version('v1')]);
  });

  describe('that the tenant has installed itself', () => {
    const own = (spec: Partial<CustomResourceDefinition['spec']> = {}): CustomResourceDefinition => ({
      ...host(spec),
      metadata: { name: 'foos.example.com', uid: 'v-1', labels: { helm: 'yes' } },
    });

    it('serves when it says the same', () => {
      expect(decideDefinition(host(), own(), undefined)).toEqual({ kind: 'nothing' });
    });

    it('is not touched when it says something else', () => {
      expect(decideDefinition(host(), own({ versions: [version('v2')] }), undefined)).toEqual({ kind: 'differs' });
      expect(decideDefinition(host(), own({ scope: 'Cluster' }), undefined)).toEqual({ kind: 'differs' });
      const wider = version('v1', {
        schema: {
          openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' }, mine: { type: 'string' } } },
        },
      });
      expect(decideDefinition(host(), own({ versions: [wider] }), undefined)).toEqual({ kind: 'differs' });
    });
  });
});
