import { patchesOf } from './patches-rule';
import { group, moved, type Reader, type Rule } from './rules';
import { isTree } from './tree';

/** A kind is switched by `true`, `false` or `auto`, or by these below `enabled`. */
const kindSwitch: Reader = (value) => (isTree(value) ? value.enabled : value);

const kind = (name: string): Rule => {
  const rule = moved(`sync.toHost.gatewayApi.${name}`, kindSwitch, 'auto', { enabled: 'auto' });
  return (value, from, draft) => {
    if (!isTree(value)) rule(value, from, draft);
    else group({ enabled: rule, patches: patchesOf })(value, from, draft);
  };
};

/** `sync.toHost.gatewayApi`. */
export const gatewayApi: Rule = group({
  enabled: moved('sync.toHost.gatewayApi.enabled', kindSwitch, false),
  gateways: kind('gateways'),
  httpRoutes: kind('httpRoutes'),
  grpcRoutes: kind('grpcRoutes'),
  tlsRoutes: kind('tlsRoutes'),
  backendTLSPolicies: kind('backendTlsPolicies'),
  referenceGrants: kind('referenceGrants'),
});
