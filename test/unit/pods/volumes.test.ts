import type { Volume } from 'kubernetes-types/core/v1';
import { podReferences, toHostPod, tokenSources } from '../../../syncer/pods';
import { podContext, translated, virtualPod } from './fixtures';

const inHost = (name: string) => `${name}-x-default-x-my-vcluster`;
const volumesOf = (...volumes: Volume[]) => translated(virtualPod({ spec: { volumes } })).spec.volumes;
const ref = { name: 'creds' };
const hostRef = { name: inHost('creds') };

describe('volumes of a host pod', () => {
  it.each<[string, Omit<Volume, 'name'>, Omit<Volume, 'name'>]>([
    [
      'configMap',
      { configMap: { name: 'cm', optional: true, items: [{ key: 'k', path: 'p' }] } },
      { configMap: { name: inHost('cm'), optional: true, items: [{ key: 'k', path: 'p' }] } },
    ],
    [
      'secret',
      { secret: { secretName: 's', defaultMode: 256 } },
      { secret: { secretName: inHost('s'), defaultMode: 256 } },
    ],
    [
      'persistentVolumeClaim',
      { persistentVolumeClaim: { claimName: 'data', readOnly: true } },
      { persistentVolumeClaim: { claimName: inHost('data'), readOnly: true } },
    ],
    [
      'ephemeral',
      { ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } },
      { persistentVolumeClaim: { claimName: inHost('nginx-v') } },
    ],
    ['emptyDir', { emptyDir: {} }, { emptyDir: {} }],
    ['hostPath', { hostPath: { path: '/var/log' } }, { hostPath: { path: '/var/log' } }],
    ['nfs', { nfs: { server: 's', path: '/p' } }, { nfs: { server: 's', path: '/p' } }],
    [
      'csi',
      { csi: { driver: 'd', nodePublishSecretRef: ref } },
      { csi: { driver: 'd', nodePublishSecretRef: hostRef } },
    ],
    [
      'csi with attributes that name objects',
      {
        csi: {
          driver: 'd',
          volumeAttributes: {
            secretName: 'creds',
            secretNamespace: 'default',
            secretProviderClass: 'vault',
            share: 'a',
          },
        },
      },
      {
        csi: {
          driver: 'd',
          volumeAttributes: {
            secretName: inHost('creds'),
            secretNamespace: 'team-a',
            secretProviderClass: inHost('vault'),
            share: 'a',
          },
        },
      },
    ],
    [
      'iscsi',
      { iscsi: { iqn: 'i', lun: 0, targetPortal: 't', secretRef: ref } },
      { iscsi: { iqn: 'i', lun: 0, targetPortal: 't', secretRef: hostRef } },
    ],
    [
      'rbd',
      { rbd: { image: 'i', monitors: ['m'], secretRef: ref } },
      { rbd: { image: 'i', monitors: ['m'], secretRef: hostRef } },
    ],
    ['cephfs', { cephfs: { monitors: ['m'], secretRef: ref } }, { cephfs: { monitors: ['m'], secretRef: hostRef } }],
    [
      'flexVolume',
      { flexVolume: { driver: 'd', secretRef: ref } },
      { flexVolume: { driver: 'd', secretRef: hostRef } },
    ],
    ['cinder', { cinder: { volumeID: 'v', secretRef: ref } }, { cinder: { volumeID: 'v', secretRef: hostRef } }],
    [
      'scaleIO',
      { scaleIO: { gateway: 'g', system: 's', secretRef: ref } },
      { scaleIO: { gateway: 'g', system: 's', secretRef: hostRef } },
    ],
    ['storageos', { storageos: { secretRef: ref } }, { storageos: { secretRef: hostRef } }],
    [
      'azureFile',
      { azureFile: { secretName: 'creds', shareName: 's' } },
      { azureFile: { secretName: inHost('creds'), shareName: 's' } },
    ],
    ['glusterfs', { glusterfs: { endpoints: 'g', path: 'p' } }, { glusterfs: { endpoints: inHost('g'), path: 'p' } }],
  ])('translates %s', (_kind, virtual, host) => {
    expect(volumesOf({ name: 'v', ...virtual })).toEqual([{ name: 'v', ...host }]);
  });

  it("turns the usual access to the API into the tenant's token and the tenant's CA", () => {
    const access: Volume = {
      name: 'kube-api-access',
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
      },
    };
    const [token] = tokenSources(virtualPod({ spec: { volumes: [access] } }));
    expect(volumesOf(access)?.[0]?.projected).toEqual({
      defaultMode: 420,
      sources: [
        { secret: { name: inHost('nginx-sa-token'), items: [{ key: token?.key, path: 'token' }] } },
        { configMap: { name: inHost('kube-root-ca.crt'), items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [
              {
                path: 'namespace',
                fieldRef: { apiVersion: 'v1', fieldPath: "metadata.annotations['vcluster.loft.sh/object-namespace']" },
              },
            ],
          },
        },
      ],
    });
  });

  it("has each wished token once, with the API server's own defaults", () => {
    const source = (serviceAccountToken: { path: string; audience?: string; expirationSeconds?: number }) => ({
      serviceAccountToken,
    });
    const volumes = [
      {
        name: 'a',
        projected: {
          sources: [source({ path: 'a' }), source({ path: 'b', audience: 'vault', expirationSeconds: 600 })],
        },
      },
      { name: 'b', projected: { sources: [source({ path: 'c', audience: '', expirationSeconds: 3600 })] } },
    ];
    const found = tokenSources(virtualPod({ spec: { volumes } }));
    expect(found).toEqual([
      { key: expect.stringMatching(/^token-[0-9a-f]{10}$/), audience: undefined, expirationSeconds: 3600 },
      { key: expect.stringMatching(/^token-[0-9a-f]{10}$/), audience: 'vault', expirationSeconds: 600 },
    ]);
    expect(new Set(found.map(({ key }) => key)).size).toBe(2);
  });
});

describe('references of a pod', () => {
  const namesOf = (spec: Parameters<typeof virtualPod>[0]) =>
    podReferences(virtualPod(spec)).map(
      ({ resource, name, optional }) => `${resource.plural}/${name}${optional ? '?' : ''}`,
    );

  it('are found wherever a field can hold one', () => {
    const container = (name: string) => ({
      name,
      envFrom: [{ configMapRef: { name: `${name}-cm` } }, { secretRef: { name: `${name}-s`, optional: true } }],
      env: [
        { name: 'A', valueFrom: { secretKeyRef: { name: `${name}-key`, key: 'k' } } },
        { name: 'B', valueFrom: { configMapKeyRef: { name: `${name}-key`, key: 'k', optional: true } } },
      ],
    });
    const spec = {
      containers: [container('main')],
      initContainers: [container('init')],
      ephemeralContainers: [container('debug')],
      imagePullSecrets: [{ name: 'pull' }],
      volumes: [
        {
          name: 'p',
          projected: { sources: [{ secret: { name: 'ps' } }, { configMap: { name: 'pc', optional: true } }] },
        },
        { name: 'c', csi: { driver: 'd', nodePublishSecretRef: { name: 'csi' } } },
        { name: 'e', ephemeral: {} },
        { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
      ],
    };
    const ofContainer = (name: string) => [
      `configmaps/${name}-cm`,
      `secrets/${name}-s?`,
      `secrets/${name}-key`,
      `configmaps/${name}-key?`,
    ];
    expect(namesOf({ spec }).sort()).toEqual(
      [
        ...['main', 'init', 'debug'].flatMap(ofContainer),
        'secrets/pull?',
        'secrets/ps',
        'configmaps/pc?',
        'secrets/csi',
        'persistentvolumeclaims/nginx-e',
        'persistentvolumeclaims/data',
      ].sort(),
    );
  });

  it('are needed if one place needs them, and never nameless', () => {
    const env = (optional: boolean) => ({ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional } } });
    const containers = [{ name: 'main', env: [env(true), env(false)] }];
    expect(namesOf({ spec: { containers, imagePullSecrets: [{ name: '' }] } })).toEqual(['secrets/s']);
  });
});

it('a CSI volume is opened by a Secret that the pod refers to, and never by one of another namespace', () => {
  const volume = (volumeAttributes: Record<string, string>) =>
    virtualPod({ spec: { volumes: [{ name: 'v', csi: { driver: 'd', volumeAttributes } }] } });
  expect(podReferences(volume({ secretname: 'creds' })).map(({ name }) => name)).toEqual(['creds']);
  expect(toHostPod(volume({ secretNamespace: 'kube-system' }), podContext())).toMatchObject({
    kind: 'refused',
    field: 'spec.volumes[0].csi.volumeAttributes.secretNamespace',
  });
});
