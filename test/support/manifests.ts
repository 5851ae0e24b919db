/** Images that the embedded host has without pulling. */
export const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.66.1';
export const BUSYBOX = 'docker.io/library/busybox:1.37';

/** What {@link deployment} and {@link statefulSet} take. */
interface WorkloadOptions {
  readonly namespace?: string;
  readonly replicas?: number;
  readonly args?: readonly string[];
  readonly podSpec?: object;
}

/** A pod that runs one container and is not restarted. */
export function pod(name: string, container: object, spec: object = {}, namespace = 'default'): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 2,
      containers: [{ name: 'main', image: BUSYBOX, ...container }],
      ...spec,
    },
  };
}

/** A pod that serves HTTP on port 8080 (`/hostname`, `/echo?msg=`, …). */
export function webPod(name: string, spec: object = {}, namespace = 'default'): object {
  return pod(
    name,
    { image: AGNHOST, args: ['netexec', '--http-port=8080'], ports: [{ containerPort: 8080 }] },
    spec,
    namespace,
  );
}

/** A Deployment of web servers. */
export function deployment(name: string, options: WorkloadOptions = {}): object {
  const { namespace = 'default', replicas = 1 } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app: name } },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: webTemplate(name, options) },
  };
}

/** A DaemonSet of web servers. */
export function daemonSet(name: string, options: Omit<WorkloadOptions, 'replicas'> = {}): object {
  const { namespace = 'default' } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: { app: name } }, template: webTemplate(name, options) },
  };
}

/** A StatefulSet of web servers under the headless Service of the same name. */
export function statefulSet(name: string, options: WorkloadOptions = {}): object {
  const { namespace = 'default', replicas = 1 } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace },
    spec: {
      serviceName: name,
      replicas,
      selector: { matchLabels: { app: name } },
      template: webTemplate(name, options),
    },
  };
}

/** A Service for the pods labelled `app=<name>`. */
export function service(name: string, spec: object = {}, namespace = 'default'): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { app: name } },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  };
}

export function namespace(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function webTemplate(name: string, { args = ['netexec', '--http-port=8080'], podSpec = {} }: WorkloadOptions): object {
  return {
    metadata: { labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 2,
      containers: [
        {
          name: 'web',
          image: AGNHOST,
          args,
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { path: '/hostname', port: 8080 }, periodSeconds: 1 },
        },
      ],
      ...podSpec,
    },
  };
}
