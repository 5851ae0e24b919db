import { hostName, nodeServiceName } from '../../lib/contract';
import { RESOURCES } from '../../syncer/kube/resources';
import { eventually } from '../support/eventually';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const pair = usePair();

/** Runs a pod on a node of the host where the cluster's own DNS server does not run. */
async function onNode(name: string): Promise<{ readonly pod: TestObject; readonly node: TestObject }> {
  const { virtual, host, namespace } = pair();
  const copies = await host.list(RESOURCES.pods, namespace);
  const taken = copies.map(({ spec }) => spec.nodeName).filter((node) => node !== undefined);
  const [free] = (await host.list(RESOURCES.nodes)).filter(({ metadata }) => !taken.includes(metadata.name));
  const created = await virtual.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      terminationGracePeriodSeconds: 1,
      nodeSelector: { 'kubernetes.io/hostname': free?.metadata.name },
      containers: [{ name: 'main', image: 'busybox' }],
    },
  });
  const pod = await virtual.until(created, 'to run', ({ status }) => status.phase === 'Running');
  return { pod, node: await virtual.until(nodeRef(pod.spec.nodeName), 'to be there') };
}

const nodeRef = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });

beforeAll(async () => {
  const scheduled = async () =>
    (await pair().host.list(RESOURCES.pods, pair().namespace)).every(({ spec }) => spec.nodeName);
  await eventually(async () => (await pair().host.list(RESOURCES.pods, pair().namespace)).length > 0 && scheduled(), {
    what: 'the DNS server to be scheduled',
  });
});

describe('a node that stands for one of the host', () => {
  it('is there as long as a pod runs on it, without the facts of the host', async () => {
    const { virtual, host, name, namespace } = pair();
    const { pod, node } = await onNode('alone');
    const real = await host.get(nodeRef(node.metadata.name ?? ''));
    expect(node.status.addresses).not.toEqual(real?.status.addresses);
    const nodeName = node.metadata.name ?? '';
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: nodeServiceName(name, nodeName), namespace },
    };
    const { spec } = await host.until(service, 'to be there');
    expect(node.status.addresses).toContainEqual({ type: 'InternalIP', address: spec.clusterIP });
    await virtual.delete(pod);
    await virtual.untilGone(pod);
    await virtual.untilGone(node);
    await host.untilGone(service);
  });

  it('comes again when the tenant deletes it, and its Service when somebody deletes that', async () => {
    const { virtual, host, name, namespace } = pair();
    const { node } = await onNode('steady');
    const isNew = (before: TestObject) => (now: TestObject) => now.metadata.uid !== before.metadata.uid;
    await virtual.delete(node);
    await virtual.until(node, 'to be made anew', isNew(node));
    const nodeName = node.metadata.name ?? '';
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: nodeServiceName(name, nodeName), namespace },
    };
    const before = await host.until(service, 'to be there');
    await host.delete(before);
    const after = await host.until(before, 'to be made anew', isNew(before));
    await virtual.until(node, 'to have the new address', ({ status }) =>
      expect(status.addresses).toContainEqual({ type: 'InternalIP', address: after.spec.clusterIP }),
    );
  });

  it('is right after the syncer was killed while pods came and went', async () => {
    const { virtual, host, syncer, name, namespace } = pair();
    const { pod: leaving } = await onNode('leaving');
    const { pod: staying } = await onNode('staying');
    await syncer.kill();
    await virtual.delete(leaving);
    await host.delete({ ...leaving, metadata: { name: hostName('leaving', 'default', name), namespace } });
    await virtual.delete(nodeRef(staying.spec.nodeName));
    await syncer.start();
    await virtual.untilGone(leaving);
    await virtual.until(nodeRef(staying.spec.nodeName), 'to be there again');
  });
});
