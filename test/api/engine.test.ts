import { usePair } from './support/use-pair';

describe('a pair of clusters', () => {
  const pair = usePair();

  it('has a syncer that is ready', async () => {
    const { virtual, host, namespace, name } = pair();
    await virtual.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    });
    await host.until(
      { apiVersion: 'v1', kind: 'Service', metadata: { name: `web-x-default-x-${name}`, namespace } },
      'to exist',
    );
  });
});
