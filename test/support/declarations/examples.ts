/**
 * Values of every form that an option takes, edges included. Which of them fit an option its own schema decides, so that
 * a rule that is looser than Kubernetes' shows when an API server sees what passes it.
 */
export const EXAMPLES: readonly unknown[] = [
  // Names, keys and values of labels, patterns of keys.
  'a',
  'team-7',
  `l${'-'.repeat(61)}g`,
  'x.y-z.example',
  `${'s'.repeat(60)}.`.repeat(3).concat('t'),
  'Upper.Case_9',
  '',
  'example.com/pool',
  'example.com/team-*',
  'example.com/*',
  'plain-key',
  '*',
  // Addresses, certificates' names, URLs.
  '10.0.0.53',
  'fd00::53',
  '*.apps.example.org',
  '198.51.100.0/24',
  '2001:db8::/32',
  '10.0.0.0/8,fd00::/8',
  'https://api.example.com:6443',
  'https://[fd00::1]/',
  // Keys in an etcd.
  '/sublet/team-7',
  // Amounts.
  '250m',
  '2',
  '.5',
  '1e3',
  '64Mi',
  '5Gi',
  '0',
  // Images, registries, their beginnings.
  'docker.io',
  'registry.example.com:5000/mirror',
  'registry.example.com/a/b:1.2.3',
  `example/image@sha256:${'0f'.repeat(32)}`,
  // Tolerations.
  'dedicated=gpu:NoSchedule',
  'dedicated:NoExecute',
  // Releases, paths of nodes, sysctls, capabilities.
  '1.33',
  'latest',
  '/var/log/shared',
  'net.core.somaxconn',
  'NET_ADMIN',
  // Devices, kinds in a quota.
  'nvidia.com/gpu',
  'ingresses.networking.k8s.io',
  // Periods, buckets.
  '6h',
  'team-backups',
  'clusters/',
  // Free texts.
  'two words, "quoted" $(POD_IP) ünicode\nand a second line',
  // Custom kinds and their fields.
  'foos.example.com',
  'bars.stable.example.org',
  'v1',
  'v2beta3',
  'Foo',
  'spec',
  'data',
  'spec.secretName',
  'spec.parts[*].serviceName',
  'spec.selector',
  'status.certificate',
  'secrets',
  'services',
  'pods',
  // Host namespaces.
  'tenants-*',
  // Functions that change objects.
  '(object) => ({ ...object })',
  // Switches, numbers, and the flags of components.
  true,
  false,
  1,
  7,
  -100,
  30_000,
  32_767,
  { v: '4' },
  { 'feature-gates': ['A=true', 'B=false'], 'max-requests-inflight': '50' },
];
