/** Annotations of Kubernetes' storage controllers that mean something on both sides. */
export const STORAGE_ANNOTATIONS = {
  /** On claims: the class, in the way of before Kubernetes 1.6. It counts for more than the field. */
  betaClass: 'volume.beta.kubernetes.io/storage-class',
  /** On claims and volumes: binding was completed. */
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  /** On claims and volumes: a controller has chosen the other one, not the user. */
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  /** On claims: which provisioner is to make the volume. */
  storageProvisioner: 'volume.kubernetes.io/storage-provisioner',
  betaStorageProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  /** On claims: the node that the scheduler has chosen for the first pod, for the provisioner. */
  selectedNode: 'volume.kubernetes.io/selected-node',
  /** On volumes: which provisioner made it. */
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  /** On storage classes: claims that name no class get this one. */
  defaultClass: 'storageclass.kubernetes.io/is-default-class',
  betaDefaultClass: 'storageclass.beta.kubernetes.io/is-default-class',
} as const;

/** The finalizer that holds a claim as long as pods use it. Kubernetes puts and removes it on each side by itself. */
export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';
