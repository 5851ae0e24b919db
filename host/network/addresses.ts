/** Addresses inside of a host's network namespace. All hosts have the same: none can see another's. */
export const NETWORK = {
  nodeAddress: '10.250.0.1',
  /** Of the ranges that nobody assigns. */
  nodeMac: '02:00:0a:fa:00:01',
  nodePrefix: 24,
  /** Leads nowhere, but programs want a default route to find their own address by. */
  gateway: '10.250.0.254',
  podCidr: '10.85.0.0/16',
  serviceCidr: '10.96.0.0/16',
  /** First address of the service range: Service `default/kubernetes`. */
  apiServiceAddress: '10.96.0.1',
  dnsServiceAddress: '10.96.0.10',
  clusterDomain: 'cluster.local',
  apiServerPort: 6443,
  /** The API server as the host's own daemons reach it. */
  apiServer: 'https://127.0.0.1:6443',
  etcd: 'http://127.0.0.1:2379',
  etcdPeer: 'http://127.0.0.1:2380',
  /** Answers every image pull of the node. */
  registry: '127.0.0.1:5000',
} as const;
