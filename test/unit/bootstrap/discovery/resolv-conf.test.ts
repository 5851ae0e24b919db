import { parseResolvConf } from '../../../../syncer/bootstrap/discovery/resolv-conf';

describe('what a pod’s resolv.conf tells about its cluster', () => {
  it.each([
    [
      'nameserver 10.96.0.10\nsearch ns.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n',
      { nameservers: ['10.96.0.10'], clusterDomain: 'cluster.local' },
    ],
    [
      '# node-local cache\nnameserver\t169.254.20.10\nnameserver fd00::a\nsearch a.svc.k8s.example. svc.k8s.example.',
      { nameservers: ['169.254.20.10', 'fd00::a'], clusterDomain: 'k8s.example' },
    ],
    ['nameserver 1.1.1.1\nsearch corp.example', { nameservers: ['1.1.1.1'], clusterDomain: undefined }],
    ['search svc.old\nsearch svc.new', { nameservers: [], clusterDomain: 'new' }],
    ['', { nameservers: [], clusterDomain: undefined }],
  ])('%j', (text, resolver) => {
    expect(parseResolvConf(text)).toEqual(resolver);
  });
});
