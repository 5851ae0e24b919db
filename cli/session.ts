import { type Api, createApi } from './kube/api';
import { type KubeconfigPaths, kubeconfigPaths } from './kubeconfig/paths';
import { readKubeconfig, type SelectedContext, selectContext } from './kubeconfig/read';
import type { Surroundings } from './surroundings';
import { formatReport, type OutputFormat, type Report } from './terminal/output';
import { createProgress, type Progress } from './terminal/progress';
import { type Style, styleFor, wantsMovement } from './terminal/style';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly output: OutputFormat;
  /** `false` after `--no-color`. */
  readonly color: boolean;
  readonly verbose?: boolean;
}

/** One run of a command: its surroundings, seen through the global options. */
export interface Session extends Surroundings {
  readonly globals: GlobalOptions;
  readonly progress: Progress;
  /** Decorations for standard output and standard error. */
  readonly outStyle: Style;
  readonly errStyle: Style;
  /** Writes data. */
  out(text: string): void;
  report<Row extends object>(report: Report<Row>): void;
  kubeconfigPaths(): KubeconfigPaths;
  /**
   * The context of the host cluster.
   * @throws SubletError `USAGE` where none is chosen
   */
  hostContext(): SelectedContext;
  /** The host's API, one connection pool for the whole run. */
  api(): Api;
  /** Ends what is still open. */
  close(): void;
}

/** Opens a session for a command whose options are parsed. */
export function openSession(surroundings: Surroundings, globals: GlobalOptions): Session {
  const { stdout, stderr, env } = surroundings;
  const errInputs = { isTty: stderr.isTTY === true, env, color: globals.color };
  const errStyle = styleFor(errInputs);
  const progress = createProgress({
    stream: stderr,
    style: errStyle,
    moving: wantsMovement(errInputs),
    verbose: globals.verbose === true,
    now: () => performance.now(),
  });
  let selected: SelectedContext | undefined;
  let api: Api | undefined;
  const session: Session = {
    ...surroundings,
    globals,
    progress,
    errStyle,
    outStyle: styleFor({ isTty: stdout.isTTY === true, env, color: globals.color }),
    out: (text) => void stdout.write(text),
    report: (report) => void stdout.write(formatReport(report, globals.output)),
    kubeconfigPaths: () => kubeconfigPaths(globals.kubeconfig, env),
    hostContext: () => {
      selected ??= selectContext(readKubeconfig(session.kubeconfigPaths().files), globals.context);
      return selected;
    },
    api: () => {
      api ??= createApi(session.hostContext());
      progress.detail(`host ${api.server}, context ${api.contextName}`);
      return api;
    },
    close: () => {
      progress.close();
      api?.close();
    },
  };
  return session;
}
