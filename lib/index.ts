/**
 * The pure core: declarations, and the Kubernetes objects that come of them. Constructs are in `sublet/cdk8s`, Pulumi
 * components in `sublet/pulumi`.
 */
export * from './contract';
export * from './manifests';
export * from './spec';
