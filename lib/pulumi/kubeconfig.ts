import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { clusterNames, KUBECONFIG_KEYS, SubletError } from '../contract';

/** What {@link kubeconfigSecret} needs. */
export interface KubeconfigSource {
  /** Name of the virtual cluster. */
  readonly cluster: string;
  readonly namespace: pulumi.Input<string>;
  /** The control plane. Pulumi waits until it is ready, which its syncer is once the kubeconfig is written. */
  readonly statefulSet: pulumi.CustomResource;
  /**
   * Everything that the virtual cluster is made of. What is deployed into it depends on its kubeconfig, so this waits for
   * the Services too, such as a load balancer's address, and keeps the cluster whole until all that is inside is gone.
   */
  readonly parts: readonly pulumi.CustomResource[];
}

/**
 * The Secret that the syncer writes. Its id comes out of the control plane's, so that it is not looked for before that
 * is ready, nor in the preview of a virtual cluster that does not exist yet.
 */
export function kubeconfigSecret(name: string, source: KubeconfigSource, options: pulumi.CustomResourceOptions) {
  const secret = clusterNames(source.cluster).kubeconfigSecret;
  const id = pulumi.all([source.namespace, source.statefulSet.id]).apply(([namespace]) => `${namespace}/${secret}`);
  return k8s.core.v1.Secret.get(name, id, { ...options, dependsOn: [...source.parts] });
}

/** The kubeconfig in the Secret, marked secret. */
export function kubeconfigIn(secret: k8s.core.v1.Secret): pulumi.Output<string> {
  return pulumi.secret(secret.data).apply((data) => {
    const config = data?.[KUBECONFIG_KEYS.config];
    if (config === undefined) throw new SubletError('NOT_READY', 'the Secret with the kubeconfig has none in it');
    return Buffer.from(config, 'base64').toString();
  });
}
