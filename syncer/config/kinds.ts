import { type Declaration, toVirtual } from '../engine/declaration';
import { RESOURCES } from '../kube/resources';
import type { Resource } from '../kube/types';
import { type ContentObject, withoutData } from './content';
import { shownConfig, shownScopes } from './shown';

/** ConfigMaps and Secrets of the host that are shown in the virtual cluster. */
export const CONFIG_KINDS: readonly Declaration[] = [
  shown('configMaps', RESOURCES.configMaps),
  shown('secrets', RESOURCES.secrets),
];

function shown(which: 'configMaps' | 'secrets', resource: Resource): Declaration {
  return toVirtual<ContentObject, ContentObject>({
    resource,
    enabled: ({ sections }) => sections.sync.fromHost[which].mappings.length > 0,
    hostScopes: (context) => shownScopes(context.sections.sync.fromHost[which].mappings, context),
    importsOnly: true,
    virtualCache: { transform: withoutData },
    hostCache: () => ({ deniable: true }),
    kind: (context) => shownConfig(resource, context.sections.sync.fromHost[which].mappings, context),
  });
}
