import { parseAllDocuments } from 'yaml';
import { ownership } from '../../../syncer/engine/ownership';
import { serviceToVirtual } from '../../../syncer/services/back';
import { serviceChanges } from '../../../syncer/services/changes';
import { isSpecial, toHostService } from '../../../syncer/services/translate';
import type { Service } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';

/** The article's virtual Service, as the API server stores it. */
const NGINX: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'nginx',
    namespace: 'demo-nginx',
    uid: '5ab7aa9c-90b6-46f9-a162-9ea9ca9826f3',
    resourceVersion: '990',
    creationTimestamp: '2023-11-28T09:32:22Z',
    labels: { app: 'nginx', 'kubernetes.io/cluster-service': 'true' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  },
  spec: {
    clusterIP: '10.96.239.53',
    clusterIPs: ['10.96.239.53'],
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }],
    selector: { app: 'nginx-deployment' },
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
  status: { loadBalancer: {} },
};

/** The article's listing of the host Service. */
const LISTING = `
apiVersion: v1
kind: Service
metadata:
  annotations:
    vcluster.loft.sh/object-name: nginx
    vcluster.loft.sh/object-namespace: demo-nginx
    vcluster.loft.sh/object-uid: 5ab7aa9c-90b6-46f9-a162-9ea9ca9826f3
  creationTimestamp: "2023-11-28T09:32:22Z"
  labels:
    vcluster.loft.sh/label-my-vcluster-x-a172cedcae: nginx
    vcluster.loft.sh/label-my-vcluster-x-d9125f8911: "true"
    vcluster.loft.sh/managed-by: my-vcluster
    vcluster.loft.sh/namespace: demo-nginx
  name: nginx-x-demo-nginx-x-my-vcluster
  namespace: vcluster-my-vcluster
  ownerReferences:
  - apiVersion: v1
    controller: false
    kind: Service
    name: my-vcluster
    uid: 463a503e-d889-49a7-94e0-0cba5299dd47
  resourceVersion: "12344"
  uid: fc9ea383-996e-471c-9c27-ee1c22fec7a3
spec:
  clusterIP: 10.96.239.53
  clusterIPs:
  - 10.96.239.53
  internalTrafficPolicy: Cluster
  ipFamilies:
  - IPv4
  ipFamilyPolicy: SingleStack
  ports:
  - name: http
    port: 80
    protocol: TCP
    targetPort: 80
  selector:
    vcluster.loft.sh/label-my-vcluster-x-a172cedcae: nginx-deployment
    vcluster.loft.sh/managed-by: my-vcluster
    vcluster.loft.sh/namespace: demo-nginx
  sessionAffinity: None
  type: ClusterIP
status:
  loadBalancer: {}
`;

describe('the article’s Service', () => {
  const listed = parseAllDocuments(LISTING)[0]?.toJS() as Service;
  const translation = toHostService(NGINX, ARTICLE);
  const desired = translation.kind === 'object' ? translation.object : undefined;

  it('becomes the host Service of the listing, field by field', () => {
    const { resourceVersion: _, uid: __, creationTimestamp: ___, ...metadata } = listed.metadata;
    const { status: ____, ...rest } = listed;
    expect(desired).toEqual({ ...rest, metadata });
  });

  it('is recognised as ours in the listing, and needs no write on either side', () => {
    expect(ownership(listed, ARTICLE)).toEqual({
      kind: 'ours',
      key: 'demo-nginx/nginx',
      uid: '5ab7aa9c-90b6-46f9-a162-9ea9ca9826f3',
    });
    expect(desired && serviceChanges(desired, listed)).toEqual([]);
    expect(serviceToVirtual(listed, NGINX)).toEqual({ kind: 'nothing' });
  });
});

describe('Services that have no place on the host', () => {
  it.each<[string, Service]>([
    ['default/kubernetes', { ...NGINX, metadata: { name: 'kubernetes', namespace: 'default' } }],
    ['an ExternalName', { ...NGINX, spec: { type: 'ExternalName', externalName: 'kubernetes.default.svc' } }],
  ])('%s', (_case, service) => {
    expect(toHostService(service, ARTICLE)).toMatchObject({ kind: 'skip' });
  });

  it('are not mistaken: only default/kubernetes is special', () => {
    expect(isSpecial({ metadata: { name: 'kubernetes', namespace: 'shop' } })).toBe(false);
  });
});

describe('what a Service may not take along', () => {
  it('externalIPs and loadBalancerIP, by which it could claim foreign addresses', () => {
    const greedy = { ...NGINX.spec, type: 'LoadBalancer', externalIPs: ['10.0.0.1'], loadBalancerIP: '1.2.3.4' };
    const translated = toHostService({ ...NGINX, spec: greedy }, ARTICLE);
    expect(translated).toMatchObject({ kind: 'object', object: { spec: { type: 'LoadBalancer' } } });
    expect(JSON.stringify('object' in translated && translated.object)).not.toMatch(/externalIPs|loadBalancerIP/);
  });

  it('a selector without the cluster’s own terms, so it never finds the control plane', () => {
    const spec = { ...NGINX.spec, selector: { app: 'vcluster', release: 'my-vcluster' } };
    const translated = toHostService({ ...NGINX, spec }, ARTICLE);
    const selector = translated.kind === 'object' ? translated.object.spec?.selector : {};
    expect(Object.keys(selector ?? {}).every((key) => key.startsWith('vcluster.loft.sh/'))).toBe(true);
  });

  it('a selector at all where it has none', () => {
    const { selector: _, ...spec } = NGINX.spec ?? {};
    const translated = toHostService({ ...NGINX, spec }, ARTICLE);
    expect(translated.kind === 'object' && translated.object.spec).not.toHaveProperty('selector');
  });
});
