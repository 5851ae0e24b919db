import type { PodSpec } from '../../../syncer/pods';
import { isFrom, refusedImage, repositoryOf } from '../../../syncer/pods/allowed-images';
import { sectionsOf } from '../engine/sections';
import { podContext, virtualPod } from '../pods/fixtures';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

describe('the repository of an image', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx'],
    ['nginx:80', 'docker.io/library/nginx'],
    ['nginx:1.27@sha256:'.concat('0a'.repeat(32)), 'docker.io/library/nginx'],
    ['team/app', 'docker.io/team/app'],
    ['docker.io/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx'],
    ['Docker.IO/team/app', 'docker.io/team/app'],
    ['registry.example.com/app', 'registry.example.com/app'],
    ['registry.example.com:5000/a/b:v1', 'registry.example.com:5000/a/b'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/app', 'localhost:5000/app'],
    [`registry.example.com/app@${DIGEST}`, 'registry.example.com/app'],
    ['registry.example.com/team-a/../team-b/app', undefined],
    ['registry.example.com//app', undefined],
    ['https://registry.example.com/app', undefined],
    ['registry.example.com/app ', undefined],
    ['registry.example.com/App', undefined],
    ['', undefined],
    [`${'a/'.repeat(600)}a`, undefined],
  ])('%s: %s', (image, repository) => expect(repositoryOf(image)).toBe(repository));
});

describe('whether an image comes from an allowed registry', () => {
  it.each([
    ['docker.io', 'nginx', true],
    ['docker.io/library', 'nginx', true],
    ['docker.io/library', 'team/app', false],
    ['registry.example.com/team-a', 'registry.example.com/team-a/app', true],
    ['registry.example.com/team-a', 'registry.example.com/team-ab/app', false],
    ['registry.example.com/team-a', 'registry.example.com/team-a', true],
    ['registry.example.com', 'registry.example.com.evil.test/app', false],
    ['registry.example.com', 'registry.example.com:5000/app', false],
    ['registry.example.com', 'evil.test/registry.example.com/app', false],
    ['registry.example.com', 'registry.example.com@evil.test/app', false],
  ])('%s, %s: %s', (registry, image, allowed) => expect(isFrom([registry], image)).toBe(allowed));
});

describe('a pod whose images are not all allowed', () => {
  const good = { name: 'main', image: 'registry.example.com/app' };
  const bad = { name: 'other', image: 'evil.test/app' };
  const check = (spec: Partial<PodSpec>, registries = ['registry.example.com']) =>
    refusedImage(
      virtualPod({ spec: { containers: [good], ...spec } }),
      podContext({ sections: sectionsOf({ isolation: { images: { registries } } }) }),
    );

  it.each<[field: string, spec: Partial<PodSpec>]>([
    ['spec.containers[1].image', { containers: [good, bad] }],
    ['spec.initContainers[0].image', { initContainers: [bad] }],
    ['spec.ephemeralContainers[0].image', { ephemeralContainers: [bad] }],
    ['spec.volumes[0].image.reference', { volumes: [{ name: 'v', ...{ image: { reference: 'evil.test/data:1' } } }] }],
  ])('is refused by its field %s', (field, spec) => {
    expect(check(spec)).toEqual({
      field,
      message: expect.stringContaining(`Isolation "images.registries": ${field}: `),
    });
  });

  it('is fine when they all are, or none is declared', () => {
    expect(check({})).toBeUndefined();
    expect(refusedImage(virtualPod({ spec: { containers: [bad] } }), podContext())).toBeUndefined();
  });

  it('counts what the host pulls, and not what the tenant writes', () => {
    const ctx = podContext({
      sections: sectionsOf({
        sync: { toHost: { pods: { translateImages: { 'docker.io': 'registry.example.com/hub' } } } },
        isolation: { images: { registries: ['registry.example.com/hub'] } },
      }),
    });
    const of = (image: string) => refusedImage(virtualPod({ spec: { containers: [{ name: 'main', image }] } }), ctx);
    expect(of('nginx')).toBeUndefined();
    expect(of('registry.example.com/other')?.field).toBe('spec.containers[0].image');
  });
});
