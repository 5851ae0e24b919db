import type { CustomResourcesOptions } from '../../../lib';
import type { CustomResourceToHostRule } from '../../../lib/contract';
import type { CustomResource } from '../../../syncer/custom/types';
import type { ClusterContext } from '../../../syncer/engine/types';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

/** A certificate manager's kinds, as a platform team would declare them. */
export const CERTIFICATES: CustomResourcesOptions = {
  toHost: [
    {
      definition: 'certificates.cert-manager.io',
      version: 'v1',
      kind: 'Certificate',
      references: [
        { path: 'spec.secretName', kind: 'secrets' },
        { path: 'spec.keystores[*].passwordSecretRef.name', kind: 'secrets' },
        {
          path: 'spec.issuerRef.name',
          kind: 'issuers.cert-manager.io',
          when: { path: 'spec.issuerRef.kind', is: ['', 'Issuer'] },
        },
        { path: 'spec.targets[*].name', kind: 'services', namespacePath: 'spec.targets[*].namespace' },
        { path: 'status.nextPrivateKeySecretName', kind: 'secrets' },
        { path: 'status.servedBy[*].name', kind: 'pods', namespacePath: 'status.servedBy[*].namespace' },
      ],
      selectors: ['spec.selector'],
      labels: ['spec.secretTemplate.labels'],
      annotations: { toHost: ['cert-manager.io/*'], toVirtual: ['cert-manager.io/issued-by'] },
    },
    { definition: 'issuers.cert-manager.io', version: 'v1', kind: 'Issuer' },
  ],
};

/** The context of a cluster with {@link CERTIFICATES}. */
export const CONTEXT: ClusterContext = { ...ARTICLE, sections: sectionsOf({ customResources: CERTIFICATES }) };

/** The resolved rule of certificates. */
export function certificateRule(): CustomResourceToHostRule {
  const rule = CONTEXT.sections['custom-resources'].toHost.find(({ plural }) => plural === 'certificates');
  if (rule === undefined) throw new Error('no rule for certificates');
  return rule;
}

/** A certificate of the tenant's. */
export function certificate(spec: object = {}, more: object = {}): CustomResource {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'web', namespace: 'shop', uid: 'c-1', generation: 4, labels: { app: 'web' } },
    spec,
    ...more,
  };
}
