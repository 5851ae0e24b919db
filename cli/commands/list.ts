import type { Command } from 'commander';
import type { Bind } from '../bind';
import { type FoundCluster, listClusters } from '../cluster/find';
import { type ClusterSummary, summarize } from '../cluster/summary';
import { isForbidden } from '../kube/api-error';
import type { Session } from '../session';
import { type Column, formatAge } from '../terminal/table';
import { findTunnel } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { namespaceOption } from './options';

/** A line of `sublet list`. */
export interface ListedCluster extends ClusterSummary {
  /** Whether a port-forward to it runs on this machine. */
  readonly connected: boolean;
}

/** Adds `sublet list`. */
export function registerList(program: Command, bind: Bind): void {
  const command = program
    .command('list')
    .alias('ls')
    .description('list the virtual clusters on the host')
    .addOption(namespaceOption('only those in this namespace').default(undefined, 'all'))
    .addHelpText('after', HELP);
  bind(command, list);
}

async function list(session: Session, command: Command): Promise<undefined> {
  const { namespace } = command.opts<{ readonly namespace?: string }>();
  const clusters = await find(session, namespace);
  const items = await Promise.all(
    clusters.map(async (cluster): Promise<ListedCluster> => {
      const target = { cluster: cluster.name, namespace: cluster.namespace, hostServer: session.api().server };
      const port = await findTunnel(tunnelDirectory(session.env), target);
      return { ...summarize(cluster), connected: port !== undefined };
    }),
  );
  session.report({
    kind: 'ClusterList',
    items,
    columns: clusterColumns(session.now()),
    empty: 'No virtual clusters here. Make one: sublet create NAME',
  });
  return undefined;
}

/** The columns in which virtual clusters are shown. */
export function clusterColumns(now: number): readonly Column<ListedCluster>[] {
  return [
    { title: 'NAME', value: (row) => row.name },
    { title: 'NAMESPACE', value: (row) => row.namespace },
    { title: 'STATUS', value: (row) => row.state },
    { title: 'READY', value: (row) => `${row.replicas.ready}/${row.replicas.wanted}` },
    { title: 'VERSION', value: (row) => row.version },
    { title: 'CONNECTED', value: (row) => (row.connected ? 'yes' : 'no') },
    { title: 'AGE', value: (row) => formatAge(row.created, now) },
  ];
}

async function find(session: Session, namespace: string | undefined): Promise<readonly FoundCluster[]> {
  const options = { signal: session.signal, timeoutMs: 10_000 };
  try {
    return await listClusters(session.api(), namespace, options);
  } catch (error) {
    const own = session.hostContext().context.namespace;
    if (namespace !== undefined || own === undefined || !isForbidden(error)) throw error;
    session.progress.note(`Other namespaces may not be read; these are in "${own}".`);
    return listClusters(session.api(), own, options);
  }
}

const HELP = `
Examples:
  $ sublet list
  $ sublet list -o json | jq -r '.items[].name'
`;
