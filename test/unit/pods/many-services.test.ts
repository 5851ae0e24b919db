import { toHostPod } from '../../../syncer/pods';
import { withoutEnv } from '../../../syncer/pods/without-env';
import { podContext, translated, virtualPod } from './fixtures';

const services = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `s-${index}`,
    namespace: 'default',
    clusterIP: '10.0.0.1',
    ports: [{ port: 80 }],
  }));
const namesIn = (pod: ReturnType<typeof translated>) => pod.spec.containers[0]?.env?.map(({ name }) => name) ?? [];

describe('a pod in a namespace of many Services', () => {
  it('hears of them in its environment up to two hundred, as from a kubelet', () => {
    const pod = translated(virtualPod(), podContext({ services: services(200) }));
    expect(namesIn(pod)).toContain('S_199_SERVICE_HOST');
  });

  it('hears of none beyond that but the API, and its tenant is told', () => {
    const translation = toHostPod(virtualPod(), podContext({ services: services(201) }));
    if (translation.kind !== 'object') throw new Error(translation.reason);
    expect(namesIn(translation.object).filter((name) => name.startsWith('S_'))).toEqual([]);
    expect(namesIn(translation.object)).toContain('KUBERNETES_SERVICE_HOST');
    expect(translation.warnings).toEqual([
      { reason: 'ServiceLinksLeftOut', message: expect.stringContaining('201 Services') },
    ]);
  });

  it('is told nothing where it wants no such variables', () => {
    const translation = toHostPod(
      virtualPod({ spec: { enableServiceLinks: false } }),
      podContext({ services: services(201) }),
    );
    expect(translation).not.toHaveProperty('warnings');
  });

  it('is kept in the cache without its variables', () => {
    const pod = translated(virtualPod(), podContext({ services: services(3) }));
    expect(withoutEnv(pod).spec.containers).toEqual([{ name: 'main', image: 'nginx:1' }]);
  });
});
