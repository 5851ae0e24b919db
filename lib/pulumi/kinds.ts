import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { Manifest } from '../manifests';

type Make = (name: string, object: object, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** The typed resource of every kind that is generated, so that previews, policies and transforms see real kinds. */
const KINDS: { readonly [kind: string]: Make } = {
  'v1/Namespace': (name, object, options) =>
    new k8s.core.v1.Namespace(name, object as k8s.core.v1.NamespaceArgs, options),
  'v1/ServiceAccount': (name, object, options) =>
    new k8s.core.v1.ServiceAccount(name, object as k8s.core.v1.ServiceAccountArgs, options),
  'v1/ConfigMap': (name, object, options) =>
    new k8s.core.v1.ConfigMap(name, object as k8s.core.v1.ConfigMapArgs, options),
  'v1/Service': (name, object, options) => new k8s.core.v1.Service(name, object as k8s.core.v1.ServiceArgs, options),
  'networking.k8s.io/v1/Ingress': (name, object, options) =>
    new k8s.networking.v1.Ingress(name, object as k8s.networking.v1.IngressArgs, options),
  'rbac.authorization.k8s.io/v1/Role': (name, object, options) =>
    new k8s.rbac.v1.Role(name, object as k8s.rbac.v1.RoleArgs, options),
  'rbac.authorization.k8s.io/v1/RoleBinding': (name, object, options) =>
    new k8s.rbac.v1.RoleBinding(name, object as k8s.rbac.v1.RoleBindingArgs, options),
  'rbac.authorization.k8s.io/v1/ClusterRole': (name, object, options) =>
    new k8s.rbac.v1.ClusterRole(name, object as k8s.rbac.v1.ClusterRoleArgs, options),
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': (name, object, options) =>
    new k8s.rbac.v1.ClusterRoleBinding(name, object as k8s.rbac.v1.ClusterRoleBindingArgs, options),
  'apps/v1/StatefulSet': (name, object, options) =>
    new k8s.apps.v1.StatefulSet(name, object as k8s.apps.v1.StatefulSetArgs, options),
  'policy/v1/PodDisruptionBudget': (name, object, options) =>
    new k8s.policy.v1.PodDisruptionBudget(name, object as k8s.policy.v1.PodDisruptionBudgetArgs, options),
};

/** Registers one object as the resource of its kind; a kind without one as a custom resource. */
export function registerObject(
  name: string,
  object: Manifest,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const make = KINDS[`${object.apiVersion}/${object.kind}`];
  return make === undefined
    ? new k8s.apiextensions.CustomResource(name, object as k8s.apiextensions.CustomResourceArgs, options)
    : make(name, object, options);
}
