import { asIs, text, texts } from './readers';
import { always, group, moved, type Rule, unsupported } from './rules';
import { isEmpty, valueAt } from './tree';

const TYPE = ['controlPlane', 'service', 'type'];
const OTHER = 'patch the Service: cluster.service in cdk8s, transforms in Pulumi';

/** `controlPlane.service`. */
export const service: Rule = (value, from, draft) => {
  const type = String(valueAt(value, ['spec', 'type']) ?? 'ClusterIP');
  const specified: Rule = (given, path) => {
    if (isEmpty(given) || given === 'ClusterIP') draft.note('default', path, 'is the default here');
    else draft.set(path, TYPE, given);
  };
  group({
    enabled: always(
      true,
      'the Service is always there',
      'the Service is always there: its names are in the certificate',
    ),
    spec: group({
      type: specified,
      loadBalancerClass: moved('controlPlane.service.loadBalancerClass', text),
      loadBalancerSourceRanges: moved('controlPlane.service.loadBalancerSourceRanges', asIs),
      loadBalancerIP: unsupported(`use an annotation of your cloud: controlPlane.service.annotations, or ${OTHER}`),
      externalTrafficPolicy: unsupported(OTHER),
      externalIPs: unsupported(OTHER),
    }),
    annotations: moved('controlPlane.service.annotations', texts),
    labels: unsupported(OTHER),
    httpsNodePort:
      type === 'NodePort'
        ? moved('controlPlane.service.nodePort', asIs, 0)
        : unsupported('a node port needs controlPlane.service.type NodePort', 0),
    kubeletNodePort: unsupported('the kubelet API is reached by the Services of the nodes', 0),
  })(value, from, draft);
  // Every other field of the Service belongs to a type.
  if (draft.get(['controlPlane', 'service']) !== undefined && draft.get(TYPE) === undefined) draft.imply(TYPE, type);
};
