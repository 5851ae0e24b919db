import * as z from 'zod';
import { distinctTexts, text } from './fields';
import { RULES } from './rules';
import { VERSION } from './version';

/** When a node pulls an image that it has. */
export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** Where images come from. Each component's image can be replaced; its version then is the declaration's business. */
export interface ImagesOptions<Text = string> {
  /**
   * Registry, with or without a path, that holds all images under their upstream paths: with
   * `registry.example.com/mirror`, kube-apiserver is `registry.example.com/mirror/kube-apiserver:v1.37.2`.
   * @default - each image's own
   */
  readonly registry?: Text;
  /** Image of kube-apiserver. @default 'registry.k8s.io/kube-apiserver:v<version>' */
  readonly apiServer?: Text;
  /** Image of kube-controller-manager. @default 'registry.k8s.io/kube-controller-manager:v<version>' */
  readonly controllerManager?: Text;
  /** Of the virtual cluster's own scheduler, if it has one. @default 'registry.k8s.io/kube-scheduler:v<version>' */
  readonly scheduler?: Text;
  /** Image of kine, which serves the store. @default 'docker.io/rancher/kine:v0.17.5' */
  readonly kine?: Text;
  /** Image of CoreDNS. @default 'registry.k8s.io/coredns/coredns:v1.15.0' */
  readonly coredns?: Text;
  /** Image of the syncer. @default 'ghcr.io/sublet/syncer:<version of this package>' */
  readonly syncer?: Text;
  /** When images of the control plane are pulled. @default 'IfNotPresent' */
  readonly pullPolicy?: PullPolicy;
  /**
   * Secrets in the host namespace with which the control plane's images are pulled.
   * @default - none
   */
  readonly pullSecrets?: readonly Text[];
  /**
   * Secrets in the host namespace with which images of the tenant's pods are pulled, unless a pod names Secrets of its
   * own. Whoever may create pods in the virtual cluster can pull whatever these Secrets open.
   * @default - none
   */
  readonly workloadPullSecrets?: readonly Text[];
}

/** {@link ImagesOptions} with nothing left open. */
export interface ResolvedImages {
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kine: string;
  readonly coredns: string;
  readonly syncer: string;
  readonly pullPolicy: PullPolicy;
  readonly pullSecrets: readonly string[];
  readonly workloadPullSecrets: readonly string[];
}

const image = text(RULES.image).optional();
const secrets = distinctTexts(RULES.subdomain).optional();

/** The schema of {@link ImagesOptions}. */
export const imagesSchema = z
  .strictObject({
    registry: text(RULES.registry).optional(),
    apiServer: image,
    controllerManager: image,
    scheduler: image,
    kine: image,
    coredns: image,
    syncer: image,
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
    pullSecrets: secrets,
    workloadPullSecrets: secrets,
  })
  .readonly();

/** Fills in the defaults for a Kubernetes version. */
export function resolveImages(kubernetesVersion: string, options: ImagesOptions = {}): ResolvedImages {
  const from = (registry: string, path: string): string => `${options.registry ?? registry}/${path}`;
  return {
    apiServer: options.apiServer ?? from('registry.k8s.io', `kube-apiserver:v${kubernetesVersion}`),
    controllerManager:
      options.controllerManager ?? from('registry.k8s.io', `kube-controller-manager:v${kubernetesVersion}`),
    scheduler: options.scheduler ?? from('registry.k8s.io', `kube-scheduler:v${kubernetesVersion}`),
    kine: options.kine ?? from('docker.io', 'rancher/kine:v0.17.5'),
    coredns: options.coredns ?? from('registry.k8s.io', 'coredns/coredns:v1.15.0'),
    syncer: options.syncer ?? from('ghcr.io', `sublet/syncer:${VERSION}`),
    pullPolicy: options.pullPolicy ?? 'IfNotPresent',
    pullSecrets: options.pullSecrets ?? [],
    workloadPullSecrets: options.workloadPullSecrets ?? [],
  };
}
