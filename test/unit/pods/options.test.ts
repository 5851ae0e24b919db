import type { PodsToHostOptions, SyncOptions } from '../../../lib';
import { HOSTS_HELPER, type PodContext, type PodSpec, toHostPod } from '../../../syncer/pods';
import { NO_HOST_CLASSES } from '../../../syncer/pods/host-classes';
import { translatedImage } from '../../../syncer/pods/image-translation';
import { sectionsOf } from '../engine/sections';
import { podContext, translated, virtualPod } from './fixtures';

const withSync = (sync: SyncOptions, wishes: Partial<PodContext> = {}) =>
  podContext({ sections: sectionsOf({ sync, isolation: { level: 'off' } }), ...wishes });
const withPods = (pods: PodsToHostOptions, wishes: Partial<PodContext> = {}) => withSync({ toHost: { pods } }, wishes);
const hostSpec = (spec: Partial<PodSpec>, ctx: PodContext) => translated(virtualPod({ spec }), ctx).spec;
const shows = (name: string) => ({
  priorityClass: (other: string) => other === name,
  runtimeClass: (other: string) => other === name,
});

describe('images', () => {
  const rules = {
    'docker.io': 'mirror.example.com/hub',
    'docker.io/team': 'mirror.example.com/ours',
    'registry.k8s.io/': 'mirror.example.com/k8s/',
    'quay.io/org/app': 'mirror.example.com/app',
  };

  it.each([
    ['docker.io/other/app:1', 'mirror.example.com/hub/other/app:1'],
    ['docker.io/team/app:1', 'mirror.example.com/ours/app:1'],
    ['docker.io/teamwork/app:1', 'mirror.example.com/hub/teamwork/app:1'],
    ['nginx', 'mirror.example.com/hub/library/nginx'],
    ['nginx:1', 'mirror.example.com/hub/library/nginx:1'],
    ['team/app@sha256:aa', 'mirror.example.com/ours/app@sha256:aa'],
    ['registry.k8s.io/pause:3', 'mirror.example.com/k8s/pause:3'],
    ['quay.io/org/app:2', 'mirror.example.com/app:2'],
    ['quay.io/org/apple:2', 'quay.io/org/apple:2'],
    ['docker.io.evil.example/app', 'docker.io.evil.example/app'],
    ['localhost/app', 'localhost/app'],
    ['registry:5000/app', 'registry:5000/app'],
  ])('%s is pulled as %s', (image, expected) => {
    expect(translatedImage(image, rules)).toBe(expected);
  });

  it('are translated wherever a pod names one', () => {
    const container = { name: 'a', image: 'nginx' };
    const volumes = [{ name: 'v', image: { reference: 'nginx', pullPolicy: 'Always' } }];
    const spec = { containers: [container], initContainers: [container], ephemeralContainers: [container], volumes };
    const host = hostSpec(spec, withPods({ translateImages: { 'docker.io': 'm.example.com' } }));
    const found = [...host.containers, ...(host.initContainers ?? []), ...(host.ephemeralContainers ?? [])];
    expect(found.map(({ image }) => image)).toEqual(Array(3).fill('m.example.com/library/nginx'));
    expect(host.volumes).toEqual([
      { name: 'v', image: { reference: 'm.example.com/library/nginx', pullPolicy: 'Always' } },
    ]);
  });
});

describe('where pods run', () => {
  it.each([
    ['*', { operator: 'Exists' }],
    ['pool', { key: 'pool', operator: 'Exists' }],
    ['pool=a', { key: 'pool', operator: 'Equal', value: 'a' }],
    ['pool:NoExecute', { key: 'pool', operator: 'Exists', effect: 'NoExecute' }],
    ['pool=a:NoSchedule', { key: 'pool', operator: 'Equal', value: 'a', effect: 'NoSchedule' }],
  ])('the toleration %s is added to every pod', (text, toleration) => {
    const own = { key: 'own', operator: 'Exists' };
    const ctx = withPods({ enforceTolerations: [text] });
    expect(hostSpec({ tolerations: [own] }, ctx).tolerations).toEqual([own, toleration]);
    expect(hostSpec({}, ctx).tolerations).toEqual([toleration]);
  });

  it('a toleration that a pod has already is not added twice', () => {
    const own = { key: 'pool', value: 'a' };
    expect(hostSpec({ tolerations: [own] }, withPods({ enforceTolerations: ['pool=a'] })).tolerations).toEqual([own]);
  });

  it('labels of nodes that are enforced win over the tenant’s', () => {
    const ctx = withPods({ enforceNodeSelector: { pool: 'tenants' } });
    expect(hostSpec({ nodeSelector: { pool: 'system', disk: 'ssd' } }, ctx).nodeSelector).toEqual({
      pool: 'tenants',
      disk: 'ssd',
    });
    expect(hostSpec({}, ctx).nodeSelector).toEqual({ pool: 'tenants' });
  });
});

describe('priority classes', () => {
  const shown = { hostClasses: shows('shared') };
  it.each<[string, string | undefined, PodContext, string | undefined]>([
    ['of none', undefined, withPods({}), undefined],
    ['of none, with a default', undefined, withPods({ priorityClasses: { default: 'low' } }), 'low'],
    ['that nothing lets through', 'mine', withPods({}), undefined],
    ['that nothing lets through, with a default', 'mine', withPods({ priorityClasses: { default: 'low' } }), 'low'],
    ['that is allowed', 'mine', withPods({ priorityClasses: { allowed: ['mine'] } }), 'mine'],
    ['that the host shows', 'shared', withPods({}, shown), 'shared'],
    ['that the host does not show', 'other', withPods({}, shown), undefined],
    [
      'that is copied to the host',
      'mine',
      withSync({ toHost: { priorityClasses: { enabled: true } } }),
      'vcluster-mine-x-team-a-x-my-vcluster',
    ],
    ['of the system', 'system-node-critical', withSync({ toHost: { priorityClasses: { enabled: true } } }), undefined],
    [
      'of the system, where it is allowed',
      'system-node-critical',
      withPods({ priorityClasses: { allowed: ['system-node-critical'] } }),
      'system-node-critical',
    ],
  ])('%s', (_what, priorityClassName, ctx, expected) => {
    const spec = { ...(priorityClassName && { priorityClassName }), priority: 5, preemptionPolicy: 'Never' };
    const host = hostSpec(spec, ctx);
    expect(host.priorityClassName).toBe(expected);
    expect(host).not.toHaveProperty('priority');
    expect(host).not.toHaveProperty('preemptionPolicy');
  });
});

describe('runtime classes', () => {
  it.each<[string, string | undefined, PodContext, string | undefined]>([
    ['of none', undefined, withPods({}), undefined],
    ['of none, with a default', undefined, withPods({ runtimeClasses: { default: 'gvisor' } }), 'gvisor'],
    ['of the default', 'gvisor', withPods({ runtimeClasses: { default: 'gvisor' } }), 'gvisor'],
    ['that is allowed', 'kata', withPods({ runtimeClasses: { default: 'gvisor', allowed: ['kata'] } }), 'kata'],
    ['that the host shows', 'kata', withPods({}, { hostClasses: shows('kata') }), 'kata'],
  ])('%s', (_what, runtimeClassName, ctx, expected) => {
    expect(hostSpec({ ...(runtimeClassName && { runtimeClassName }) }, ctx).runtimeClassName).toBe(expected);
  });

  it.each([
    ['nothing is offered', withPods({})],
    ['others are offered', withPods({ runtimeClasses: { allowed: ['gvisor'] } }, { hostClasses: shows('crun') })],
  ])('that are not offered refuse the pod when %s', (_what, ctx) => {
    expect(toHostPod(virtualPod({ spec: { runtimeClassName: 'kata' } }), ctx)).toMatchObject({
      kind: 'refused',
      field: 'spec.runtimeClassName',
    });
  });
});

describe('the helper that writes /etc/hosts', () => {
  const SUBDOMAIN = { hostname: 'db-0', subdomain: 'db' };
  const helper = ({ initContainers = [] }: PodSpec) => initContainers.find(({ name }) => name === HOSTS_HELPER);

  it.each<[string, Partial<PodSpec>, PodContext, boolean]>([
    ['is there for a subdomain', SUBDOMAIN, withPods({}), true],
    ['is not there when it was switched off', SUBDOMAIN, withPods({ rewriteHosts: { enabled: false } }), false],
    ['is not there without a subdomain', {}, withPods({}), false],
    [
      'is there for a full host name on an old host',
      { ...SUBDOMAIN, setHostnameAsFQDN: true },
      withPods({}, { hostVersion: '1.34.4' }),
      true,
    ],
    [
      'is not needed for a full host name on a host that can override it',
      { ...SUBDOMAIN, setHostnameAsFQDN: true },
      withPods({}, { hostVersion: '1.35.4' }),
      false,
    ],
    ['is needed for a short host name there too', SUBDOMAIN, withPods({}, { hostVersion: '1.37.2' }), true],
  ])('%s', (_what, spec, ctx, expected) => {
    const host = hostSpec(spec, ctx);
    expect(helper(host) !== undefined).toBe(expected);
    expect(host.volumes?.some(({ name }) => name === HOSTS_HELPER) ?? false).toBe(expected);
    if (spec.setHostnameAsFQDN) expect(host.hostnameOverride).toBe('db-0.db.default.svc.cluster.local');
  });

  it('is left out of a pod that declines it', () => {
    const annotations = { 'vcluster.loft.sh/disable-subdomain-rewrite': 'true' };
    expect(helper(translated(virtualPod({ spec: SUBDOMAIN, metadata: { annotations } })).spec)).toBeUndefined();
  });

  it('uses what the declaration gives it', () => {
    const resources = { requests: { cpu: '5m' }, limits: { memory: '16Mi' } };
    expect(helper(hostSpec(SUBDOMAIN, withPods({ rewriteHosts: { resources } })))?.resources).toEqual(resources);
  });
});

describe('variables for Services', () => {
  const services = [{ name: 'db', namespace: 'default', clusterIP: '10.0.0.1', ports: [{ port: 1 }] }];
  it.each([
    [true, true],
    [false, false],
  ])('are set when links are %s', (serviceLinks, expected) => {
    const names = hostSpec({}, withPods({ serviceLinks }, { services })).containers[0]?.env?.map(({ name }) => name);
    expect(names).toContain('KUBERNETES_SERVICE_HOST');
    expect(names?.includes('DB_SERVICE_HOST')).toBe(expected);
  });
});

describe('devices', () => {
  const offered = withSync({ toHost: { resourceClaims: { enabled: true } } });
  const container = { name: 'main', image: 'a', resources: { claims: [{ name: 'gpu', request: 'one' }] } };
  const spec = { containers: [container], resourceClaims: [{ name: 'gpu', resourceClaimName: 'claim' }] };
  const fromTemplate = { ...spec, resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'template' }] };

  it('are those of the host’s copies, under their short names as with vCluster', () => {
    const host = hostSpec(spec, offered);
    expect(host.resourceClaims).toEqual([{ name: 'gpu', resourceClaimName: 'v1vgblg3bzuqde' }]);
    expect(host.containers[0]?.resources?.claims).toEqual([{ name: 'gpu', request: 'one' }]);
  });

  it('of a template are those of the claim that was made from it, and are waited for', () => {
    const pod = virtualPod({ spec: fromTemplate });
    expect(toHostPod(pod, offered)).toMatchObject({ kind: 'wait' });
    const status = { resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'claim' }] };
    expect(translated({ ...pod, status }, offered).spec.resourceClaims).toEqual([
      { name: 'gpu', resourceClaimName: 'v1vgblg3bzuqde' },
    ]);
  });

  it.each([
    ['a claim', spec, 'spec.resourceClaims'],
    ['a container with a claim', { containers: [container] }, 'spec.containers[0].resources.claims'],
  ])('refuse the pod that asks for them by %s where none are offered', (_what, wishes, field) => {
    expect(toHostPod(virtualPod({ spec: wishes }), podContext())).toMatchObject({ kind: 'refused', field });
  });
});

it('no option is on by itself', () => {
  const spec = translated(virtualPod(), podContext({ hostClasses: NO_HOST_CLASSES })).spec;
  for (const field of ['tolerations', 'nodeSelector', 'priorityClassName', 'runtimeClassName', 'resourceClaims']) {
    expect(spec).not.toHaveProperty(field);
  }
});
