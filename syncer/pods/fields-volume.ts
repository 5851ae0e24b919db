import { copied, nameOf, object, refused, translatedBy } from './field-rules';
import { OBJECT_FIELD_SELECTOR, RESOURCE_FIELD_SELECTOR } from './fields-container';

const SECRET_REF = object('LocalObjectReference', { name: nameOf('secrets') });

const ITEMS = object('KeyToPath', copied('key', 'path', 'mode', 'user'));

const DOWNWARD_FILE = object('DownwardAPIVolumeFile', {
  ...copied('path', 'mode', 'user'),
  fieldRef: OBJECT_FIELD_SELECTOR,
  resourceFieldRef: RESOURCE_FIELD_SELECTOR,
});

const LABEL_SELECTOR = object('LabelSelector', {
  ...copied('matchLabels'),
  matchExpressions: object('LabelSelectorRequirement', copied('key', 'operator', 'values')),
});

const PROJECTION = object('VolumeProjection', {
  secret: object('SecretProjection', { name: nameOf('secrets'), items: ITEMS, ...copied('optional') }),
  configMap: object('ConfigMapProjection', { name: nameOf('configMaps'), items: ITEMS, ...copied('optional') }),
  downwardAPI: object('DownwardAPIProjection', { items: DOWNWARD_FILE }),
  serviceAccountToken: translatedBy(
    'volumes',
    object('ServiceAccountTokenProjection', copied('audience', 'expirationSeconds', 'path', 'user')),
  ),
  clusterTrustBundle: translatedBy(
    'volumes',
    object('ClusterTrustBundleProjection', {
      ...copied('name', 'signerName', 'optional', 'path', 'user'),
      labelSelector: LABEL_SELECTOR,
    }),
  ),
  podCertificate: translatedBy(
    'volumes',
    object(
      'PodCertificateProjection',
      copied(
        ...(['certificateChainPath', 'credentialBundlePath', 'keyPath', 'keyType', 'maxExpirationSeconds'] as const),
        ...(['signerName', 'user', 'userAnnotations'] as const),
      ),
    ),
  ),
});

/** Volumes of machines and network storage. They name nothing in the cluster but, some of them, a Secret. */
const DEVICES = {
  hostPath: object('HostPathVolumeSource', copied('path', 'type')),
  nfs: object('NFSVolumeSource', copied('server', 'path', 'readOnly')),
  fc: object('FCVolumeSource', copied('targetWWNs', 'lun', 'fsType', 'readOnly', 'wwids')),
  iscsi: object('ISCSIVolumeSource', {
    ...copied('targetPortal', 'iqn', 'lun', 'iscsiInterface', 'fsType', 'readOnly', 'portals'),
    ...copied('chapAuthDiscovery', 'chapAuthSession', 'initiatorName'),
    secretRef: SECRET_REF,
  }),
  rbd: object('RBDVolumeSource', {
    ...copied('monitors', 'image', 'fsType', 'pool', 'user', 'keyring', 'readOnly'),
    secretRef: SECRET_REF,
  }),
  cephfs: object('CephFSVolumeSource', {
    ...copied('monitors', 'path', 'user', 'secretFile', 'readOnly'),
    secretRef: SECRET_REF,
  }),
  glusterfs: object('GlusterfsVolumeSource', { endpoints: nameOf('endpoints'), ...copied('path', 'readOnly') }),
  csi: object('CSIVolumeSource', {
    ...copied('driver', 'readOnly', 'fsType', 'volumeAttributes'),
    nodePublishSecretRef: SECRET_REF,
  }),
  flexVolume: object('FlexVolumeSource', {
    ...copied('driver', 'fsType', 'readOnly', 'options'),
    secretRef: SECRET_REF,
  }),
};

/** Volumes of cloud providers and products. Most are long gone from Kubernetes: the host says so, as any cluster does. */
const PRODUCTS = {
  azureDisk: object(
    'AzureDiskVolumeSource',
    copied('diskName', 'diskURI', 'cachingMode', 'fsType', 'readOnly', 'kind'),
  ),
  azureFile: object('AzureFileVolumeSource', { secretName: nameOf('secrets'), ...copied('shareName', 'readOnly') }),
  awsElasticBlockStore: object(
    'AWSElasticBlockStoreVolumeSource',
    copied('volumeID', 'fsType', 'partition', 'readOnly'),
  ),
  gcePersistentDisk: object('GCEPersistentDiskVolumeSource', copied('pdName', 'fsType', 'partition', 'readOnly')),
  cinder: object('CinderVolumeSource', { ...copied('volumeID', 'fsType', 'readOnly'), secretRef: SECRET_REF }),
  vsphereVolume: object(
    'VsphereVirtualDiskVolumeSource',
    copied('volumePath', 'fsType', 'storagePolicyName', 'storagePolicyID'),
  ),
  photonPersistentDisk: object('PhotonPersistentDiskVolumeSource', copied('pdID', 'fsType')),
  portworxVolume: object('PortworxVolumeSource', copied('volumeID', 'fsType', 'readOnly')),
  quobyte: object('QuobyteVolumeSource', copied('registry', 'volume', 'readOnly', 'user', 'group', 'tenant')),
  flocker: object('FlockerVolumeSource', copied('datasetName', 'datasetUUID')),
  scaleIO: object('ScaleIOVolumeSource', {
    ...copied('gateway', 'system', 'sslEnabled', 'protectionDomain', 'storagePool', 'storageMode', 'volumeName'),
    ...copied('fsType', 'readOnly'),
    secretRef: SECRET_REF,
  }),
  storageos: object('StorageOSVolumeSource', {
    ...copied('volumeName', 'volumeNamespace', 'fsType', 'readOnly'),
    secretRef: SECRET_REF,
  }),
  /** The node would run git on what the tenant says (CVE-2024-10220, CVE-2025-1767). */
  gitRepo: refused('volumes of git repositories'),
};

/** `volumes`. */
export const VOLUME = object('Volume', {
  ...copied('name'),
  configMap: object('ConfigMapVolumeSource', {
    name: nameOf('configMaps'),
    items: ITEMS,
    ...copied('defaultMode', 'optional', 'defaultUser'),
  }),
  secret: object('SecretVolumeSource', {
    secretName: nameOf('secrets'),
    items: ITEMS,
    ...copied('defaultMode', 'optional', 'defaultUser'),
  }),
  projected: object('ProjectedVolumeSource', { sources: PROJECTION, ...copied('defaultMode', 'defaultUser') }),
  downwardAPI: object('DownwardAPIVolumeSource', { items: DOWNWARD_FILE, ...copied('defaultMode', 'defaultUser') }),
  emptyDir: object('EmptyDirVolumeSource', copied('medium', 'sizeLimit', 'mode')),
  persistentVolumeClaim: object('PersistentVolumeClaimVolumeSource', {
    claimName: nameOf('persistentVolumeClaims'),
    ...copied('readOnly'),
  }),
  /** The claim is made in the virtual cluster, by its controller manager; the host's pod just uses it. */
  ephemeral: translatedBy('volumes'),
  image: object('ImageVolumeSource', copied('reference', 'pullPolicy')),
  ...DEVICES,
  ...PRODUCTS,
});
