import { hostLabelKey } from '../../../lib/contract';
import { indexed, namedObjects } from '../../../syncer/custom/references';
import { isStatus, toHostCustomResource } from '../../../syncer/custom/to-host';
import type { CustomResource } from '../../../syncer/custom/types';
import { CONTEXT, certificate, certificateRule } from './rules';

const HASHED_APP = hostLabelKey('app', 'my-vcluster');
const SCOPE = { 'vcluster.loft.sh/managed-by': 'my-vcluster', 'vcluster.loft.sh/namespace': 'shop' };

function translated(virtual: CustomResource) {
  return toHostCustomResource(virtual, certificateRule(), CONTEXT);
}

function hostSpec(spec: object): unknown {
  const translation = translated(certificate(spec));
  return translation.kind === 'object' ? translation.object.spec : translation;
}

describe('the host copy of a custom resource', () => {
  it('is the whole spec under the name and marks of any copy', () => {
    const translation = translated(
      certificate(
        { dnsNames: ['web.example.com'], duration: '24h' },
        { status: { ready: true }, extra: { not: 'declared' } },
      ),
    );
    expect(translation).toMatchObject({ kind: 'object' });
    if (translation.kind !== 'object') return;
    const { metadata, ...rest } = translation.object;
    expect(rest).toEqual({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      spec: { dnsNames: ['web.example.com'], duration: '24h' },
    });
    expect(metadata).toMatchObject({
      name: 'web-x-shop-x-my-vcluster',
      namespace: 'vcluster-my-vcluster',
      labels: { [HASHED_APP]: 'web', ...SCOPE },
      annotations: {
        'vcluster.loft.sh/object-name': 'web',
        'vcluster.loft.sh/object-uid': 'c-1',
        'vcluster.loft.sh/object-kind': 'cert-manager.io/v1, Kind=Certificate',
        'sublet.dev/written-fields': '{"spec":{"dnsNames":0,"duration":0}}',
      },
      ownerReferences: [{ kind: 'Service', name: 'my-vcluster' }],
    });
  });

  it('has none of the tenant’s finalizers, owners and annotations but those that are allowed', () => {
    const translation = translated({
      ...certificate(),
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'c-1',
        finalizers: ['example.com/hold'],
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' }],
        annotations: { 'cert-manager.io/revision': '2', 'example.com/steer': 'yes' },
      },
    });
    if (translation.kind !== 'object') throw new Error(translation.kind);
    expect(translation.object.metadata.finalizers).toBeUndefined();
    expect(translation.object.metadata.ownerReferences).toHaveLength(1);
    expect(translation.object.metadata.annotations).toMatchObject({ 'cert-manager.io/revision': '2' });
    expect(translation.object.metadata.annotations).not.toHaveProperty(['example.com/steer']);
  });

  it.each([
    ['a name', { secretName: 'tls' }, { secretName: 'tls-x-shop-x-my-vcluster' }],
    ['a name that is not given', { secretName: '' }, { secretName: '' }],
    [
      'names in the values of a map',
      { keystores: { jks: { passwordSecretRef: { name: 'pw', key: 'k' } }, pkcs12: { create: true } } },
      {
        keystores: {
          jks: { passwordSecretRef: { name: 'pw-x-shop-x-my-vcluster', key: 'k' } },
          pkcs12: { create: true },
        },
      },
    ],
    [
      'a custom kind that is copied, when another field says so',
      { issuerRef: { name: 'ca', kind: 'Issuer' } },
      { issuerRef: { name: 'ca-x-shop-x-my-vcluster', kind: 'Issuer' } },
    ],
    ['the same by default', { issuerRef: { name: 'ca' } }, { issuerRef: { name: 'ca-x-shop-x-my-vcluster' } }],
    [
      'a name that stands for something of the host',
      { issuerRef: { name: 'ca', kind: 'ClusterIssuer' } },
      { issuerRef: { name: 'ca', kind: 'ClusterIssuer' } },
    ],
    [
      'names with their namespace, in each element',
      { targets: [{ name: 'a', namespace: 'shop' }, { name: 'b' }, { port: 1 }] },
      {
        targets: [
          { name: 'a-x-shop-x-my-vcluster', namespace: 'vcluster-my-vcluster' },
          { name: 'b-x-shop-x-my-vcluster' },
          { port: 1 },
        ],
      },
    ],
    [
      'a selector in Kubernetes’ form',
      { selector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'Exists' }] } },
      {
        selector: {
          matchLabels: { [HASHED_APP]: 'web', ...SCOPE },
          matchExpressions: [{ key: HASHED_APP, operator: 'Exists' }],
        },
      },
    ],
    ['a selector as a plain map', { selector: { app: 'web' } }, { selector: { [HASHED_APP]: 'web', ...SCOPE } }],
    ['a selector of everything', { selector: {} }, { selector: { matchLabels: SCOPE } }],
    [
      'labels of what the operator makes',
      { secretTemplate: { labels: { app: 'web' } } },
      { secretTemplate: { labels: { [HASHED_APP]: 'web', ...SCOPE } } },
    ],
  ])('rewrites %s', (_, spec, expected) => {
    expect(hostSpec(spec)).toEqual(expected);
  });

  it.each([
    [
      'an object of another namespace',
      { targets: [{ name: 'a' }, { name: 'b', namespace: 'other' }] },
      { reason: 'CrossNamespaceReference', field: 'spec.targets[1].namespace' },
    ],
    [
      'something that is no name',
      { secretName: { name: 'tls' } },
      { reason: 'InvalidReference', field: 'spec.secretName' },
    ],
  ])('refuses %s and names the field, but nothing of the host', (_, spec, expected) => {
    const translation = hostSpec(spec);
    expect(translation).toMatchObject({ kind: 'refused', ...expected });
    expect(JSON.stringify(translation)).toContain(expected.field);
    expect(JSON.stringify(translation)).not.toMatch(/vcluster/);
  });

  it('does not change the virtual object', () => {
    const virtual = certificate({ secretName: 'tls', targets: [{ name: 'a', namespace: 'shop' }] });
    const before = structuredClone(virtual);
    translated(virtual);
    expect(virtual).toEqual(before);
  });

  it('brings the Secrets that it names along', () => {
    const virtual = certificate({ secretName: 'tls', issuerRef: { name: 'ca' } });
    const { named } = namedObjects(virtual, certificateRule().references, (path) => !isStatus(path));
    expect(indexed(named, CONTEXT).map(({ resource, name }) => `${resource.plural}/${name}`)).toEqual([
      'secrets/tls',
      'issuers/ca',
    ]);
  });
});

describe('labels and selectors that cannot be rewritten', () => {
  it.each<[string, object, string]>([
    [
      'labels with a value that is no text',
      { secretTemplate: { labels: { app: 'web', x: null } } },
      'spec.secretTemplate.labels',
    ],
    ['labels that are no map', { secretTemplate: { labels: 'app=web' } }, 'spec.secretTemplate.labels'],
    ['a selector that is no map', { selector: 'app=web' }, 'spec.selector'],
    ['a selector with a value that is no text', { selector: { app: 'web', x: null } }, 'spec.selector'],
    ['labels of a selector that are no texts', { selector: { matchLabels: { app: 1 } } }, 'spec.selector'],
    [
      'expressions of a selector that are none',
      { selector: { matchExpressions: [{ operator: 'In' }] } },
      'spec.selector',
    ],
  ])('never reach the host: %s', (_what, spec, field) => {
    expect(translated(certificate(spec))).toMatchObject({ kind: 'refused', reason: 'InvalidLabels', field });
  });
});
