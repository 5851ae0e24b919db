/** A program that runs Kubernetes clusters in Docker, as the commands that it takes. */
export interface DockerDriver {
  readonly program: 'kind' | 'k3d';
  readonly create: (cluster: string, kubeconfig: string) => readonly string[];
  readonly remove: (cluster: string) => readonly string[];
  readonly load: (cluster: string, archive: string) => readonly string[];
  /** Prints the names of the clusters that there are, one a line, in the first column. */
  readonly list: readonly string[];
  /** Prints the kubeconfig of a cluster, where `create` does not write it. */
  readonly kubeconfig?: (cluster: string) => readonly string[];
  /** Name of the container that is the node, and of the Node object. */
  readonly node: (cluster: string) => string;
}

/** kind first: its nodes run upstream's components, as virtual clusters are tested against. */
export const DOCKER_DRIVERS: readonly DockerDriver[] = [
  {
    program: 'kind',
    create: (cluster, kubeconfig) => [
      'kind',
      'create',
      'cluster',
      `--name=${cluster}`,
      `--kubeconfig=${kubeconfig}`,
      '--wait=3m',
    ],
    remove: (cluster) => ['kind', 'delete', 'cluster', `--name=${cluster}`],
    load: (cluster, archive) => ['kind', 'load', 'image-archive', archive, `--name=${cluster}`],
    list: ['kind', 'get', 'clusters'],
    node: (cluster) => `${cluster}-control-plane`,
  },
  {
    program: 'k3d',
    create: (cluster) => [
      'k3d',
      'cluster',
      'create',
      cluster,
      '--wait',
      '--timeout=3m',
      '--no-lb',
      '--kubeconfig-update-default=false',
    ],
    remove: (cluster) => ['k3d', 'cluster', 'delete', cluster],
    load: (cluster, archive) => ['k3d', 'image', 'import', archive, '--cluster', cluster],
    list: ['k3d', 'cluster', 'list', '--no-headers'],
    kubeconfig: (cluster) => ['k3d', 'kubeconfig', 'get', cluster],
    node: (cluster) => `k3d-${cluster}-server-0`,
  },
];

/** The driver of that name. */
export function dockerDriver(program: DockerDriver['program']): DockerDriver {
  const found = DOCKER_DRIVERS.find((driver) => driver.program === program);
  if (found === undefined) throw new RangeError(`there is no driver ${program}`);
  return found;
}

/** The first column of each line. */
export function firstColumn(output: string): string[] {
  return output.split('\n').flatMap((line) => line.trim().split(/\s+/).slice(0, 1).filter(Boolean));
}
