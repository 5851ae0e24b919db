import { applyManifests, type Manifest } from '../../../syncer/bootstrap';
import { RESOURCES } from '../../../syncer/kube/resources';
import { ObjectApi } from './support/object-api';

const PATH = '/api/v1/namespaces/kube-system/configmaps/coredns';
const manifest = (text: string): Manifest => ({
  resource: RESOURCES.configMaps,
  object: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'coredns', namespace: 'kube-system' },
    ...{ data: { text } },
  },
});

describe('applying manifests', () => {
  it('writes what is not there, under one field manager', async () => {
    await using api = await ObjectApi.start();
    expect(await applyManifests(api.client, [manifest('a')])).toEqual(['ConfigMap/coredns']);
    const query = api.requests.at(-1)?.query;
    expect([query?.get('fieldManager'), query?.get('force')]).toEqual(['sublet-syncer', 'true']);
  });

  it('leaves a tenant’s changes alone until the manifest changes', async () => {
    await using api = await ObjectApi.start();
    await applyManifests(api.client, [manifest('a')]);
    api.put(PATH, { ...api.objects.get(PATH), data: { text: 'theirs' } });
    expect(await applyManifests(api.client, [manifest('a')])).toEqual([]);
    expect(api.objects.get(PATH)?.data).toEqual({ text: 'theirs' });
    expect(await applyManifests(api.client, [manifest('b')])).toEqual(['ConfigMap/coredns']);
    expect(api.objects.get(PATH)?.data).toEqual({ text: 'b' });
  });
});
