import { formatQuantity } from '../../../lib/contract';
import { parseQuantity } from '../../../lib/contract/quantity';
import { podRequests, sumOfRequests } from '../../../syncer/nodes/requests';
import type { PodSpec } from '../../../syncer/pods/types';

const NANO = 1_000_000_000n;

it.each<[string, bigint | undefined]>([
  ['2', 2n * NANO],
  ['250m', NANO / 4n],
  ['0.5', NANO / 2n],
  ['.5', NANO / 2n],
  ['1.5Ki', 1536n * NANO],
  ['64Mi', 67_108_864n * NANO],
  ['5e3', 5000n * NANO],
  ['1E', 10n ** 18n * NANO],
  ['100n', 100n],
  ['-1', -NANO],
  ['', undefined],
  ['.', undefined],
  ['lots', undefined],
])('the amount %j is %s billionths', (text, nano) => {
  expect(parseQuantity(text)).toBe(nano);
});

it.each([
  ['1500m', '4', '1500m'],
  ['2', '4', '2'],
  ['1000', '110', '1k'],
  ['1048576Ki', '16Gi', '1Gi'],
  ['1537', '1Mi', '1Ki'],
  ['100', '1Mi', '0'],
  ['-3', '4', '0'],
])('%s, said like %s, is %s: as an API server writes it', (text, like, written) => {
  expect(formatQuantity(parseQuantity(text) ?? 0n, like)).toBe(written);
});

const container = (cpu: string, more: object = {}) => ({ name: 'c', resources: { requests: { cpu } }, ...more });

it.each<[what: string, spec: Partial<PodSpec>, cpu: string]>([
  ['its containers together', { containers: [container('1'), container('500m')] }, '1500m'],
  ['an init container that needs more', { containers: [container('1')], initContainers: [container('3')] }, '3'],
  [
    'a sidecar beside its containers',
    { containers: [container('1')], initContainers: [container('1', { restartPolicy: 'Always' })] },
    '2',
  ],
  [
    'a sidecar beside an init container after it',
    {
      containers: [container('1')],
      initContainers: [container('1', { restartPolicy: 'Always' }), container('3')],
    },
    '4',
  ],
  ['the pod as a whole', { containers: [container('1')], resources: { requests: { cpu: '2' } } }, '2'],
  ['its overhead', { containers: [container('1')], overhead: { cpu: '100m' } }, '1100m'],
])('a pod takes what %s asks for', (_what, spec, cpu) => {
  expect(podRequests({ containers: [], ...spec }).get('cpu')).toBe(parseQuantity(cpu));
});

it('each pod takes one place', () => {
  const pod = { containers: [container('1')] };
  expect(sumOfRequests([pod, pod])).toEqual(
    new Map([
      ['cpu', 2n * NANO],
      ['pods', 2n * NANO],
    ]),
  );
});
