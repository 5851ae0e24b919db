import type { OwnPods } from './own-pods';

/**
 * A kubelet's measurements in Prometheus' text format, with the tenant's pods only and under their own names. Families
 * that have nothing to say any more go whole.
 *
 * @param showsNode whether what is measured of the node as a whole stays
 */
export function ownExposition(text: string, own: OwnPods, showsNode: boolean): string {
  const lines: string[] = [];
  let comments: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      // HELP and TYPE come in front of a family's samples.
      if (!line.startsWith('# TYPE')) comments = [];
      comments.push(line);
      continue;
    }
    const sample = ownSample(line, own, showsNode);
    if (sample === undefined) continue;
    lines.push(...comments, sample);
    comments = [];
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Of the node as a whole: its CPU and memory, and whether they could be measured. */
const OF_NODE = /^(node_|resource_scrape_error|scrape_error)/;
/** Labels by which the host's runtime knows a container: cgroup, name there. */
const OF_RUNTIME: ReadonlySet<string> = new Set(['id', 'name']);

function ownSample(line: string, own: OwnPods, showsNode: boolean): string | undefined {
  const match = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?(\s.*)$/.exec(line);
  if (match === null) return undefined;
  const [, name = '', labelText, value = ''] = match;
  const labels = readLabels(labelText ?? '');
  const pod = labels.get('pod');
  if (!pod) return showsNode && OF_NODE.test(name) ? line : undefined;
  const found = own.get(`${labels.get('namespace') ?? ''}/${pod}`);
  if (found === undefined) return undefined;
  const container = labels.get('container') ?? '';
  if (container !== '' && !found.containers.includes(container)) return undefined;
  const shown = [...labels]
    .filter(([key]) => !OF_RUNTIME.has(key))
    .map(([key, text]) => `${key}="${renamed(key, text, found)}"`);
  return `${name}{${shown.join(',')}}${value}`;
}

function renamed(
  key: string,
  text: string,
  { namespace, name, uid }: { namespace: string; name: string; uid: string },
) {
  if (key === 'namespace') return namespace;
  if (key === 'pod') return name;
  return key === 'pod_uid' ? uid : text;
}

/** Values stay as they are written, escapes included. */
function readLabels(text: string): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(/([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g)) labels.set(key, value);
  return labels;
}
