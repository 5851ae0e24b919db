import { type CustomResourcesSection, parseSection } from '../../../lib/contract';
import { type CustomResourcesOptions, resolveSpec } from '../../../lib/spec';

/** Kinds that make their writer the master of the host, and names that reach beyond a kind. */
const DENIED: readonly (readonly [plural: string, group: string])[] = [
  ['roles', 'rbac.authorization.k8s.io'],
  ['clusterrolebindings', 'rbac.authorization.k8s.io'],
  ['mutatingwebhookconfigurations', 'admissionregistration.k8s.io'],
  ['validatingwebhookconfigurations', 'admissionregistration.k8s.io'],
  ['validatingadmissionpolicies', 'admissionregistration.k8s.io'],
  ['customresourcedefinitions', 'apiextensions.k8s.io'],
  ['certificatesigningrequests', 'certificates.k8s.io'],
  ['apiservices', 'apiregistration.k8s.io'],
  ['flowschemas', 'flowcontrol.apiserver.k8s.io'],
  ['tokenreviews', 'authentication.k8s.io'],
  ['subjectaccessreviews', 'authorization.k8s.io'],
  ['storageclasses', 'storage.k8s.io'],
  ['httproutes', 'gateway.networking.k8s.io'],
  ['secrets', ''],
  ['deployments', 'apps'],
  ['*', 'example.com'],
  ['widgets', '*'],
  ['widgets', '*.example.com'],
  ['widgets/status', 'example.com'],
  ['', 'example.com'],
];

const kind = { version: 'v1', kind: 'Widget', fields: ['spec'] };

/** A section as somebody might write it past the library. */
function section(plural: string, group: string, direction: 'toHost' | 'fromHost'): string {
  const toHost = { references: [], selectors: [], labels: [], annotations: { toHost: [], toVirtual: [] } };
  const fromHost = { scope: 'cluster' as const, annotations: [], selector: {} };
  const content: CustomResourcesSection = {
    version: 1,
    toHost: direction === 'toHost' ? [{ plural, group, ...kind, ...toHost }] : [],
    fromHost: direction === 'fromHost' ? [{ plural, group, ...kind, ...fromHost }] : [],
    patches: [],
  };
  return JSON.stringify(content);
}

const failure = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe.each(DENIED)('%s of the group "%s"', (plural, group) => {
  it('row 27, denied: cannot be declared to cross', () => {
    const definition = `${plural}.${group}` as `${string}.${string}`;
    const declared: CustomResourcesOptions = { toHost: [{ definition, version: 'v1', kind: 'Widget' }] };
    expect(failure(() => resolveSpec({ name: 'a', customResources: declared }))).toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('customResources.toHost[0].definition'),
    });
  });

  it.each(['toHost', 'fromHost'] as const)(
    'row 27, denied: is refused by the syncer where a section says so (%s)',
    (direction) => {
      expect(failure(() => parseSection('custom-resources', section(plural, group, direction)))).toMatchObject({
        code: 'CONFIG_INVALID',
        message: `section custom-resources: ${direction}.0: ${plural}.${group} may not cross as a custom kind`,
      });
    },
  );
});

it.each(['toHost', 'fromHost'] as const)('row 27, allowed: a custom kind crosses (%s)', (direction) => {
  expect(parseSection('custom-resources', section('widgets', 'example.com', direction))[direction]).toHaveLength(1);
});
