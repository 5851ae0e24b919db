import type { ApiError } from '../kube/api-error';
import type { HostedPod, Refusal } from './types';

/** What was asked, in the tenant's names. */
export interface Subject {
  readonly verb: 'logs' | 'exec' | 'attach' | 'portForward';
  readonly namespace: string;
  readonly pod: string;
}

/** How much of a refusal's text is passed on, in characters. */
const LONGEST = 4096;

/**
 * Says a refusal of the host's API server as the kubelet of the virtual node would: as text, with the names that the
 * tenant knows, and without a word about the host's machines or about the syncer's rights there.
 */
export function translateRefusal(error: ApiError, pod: HostedPod, subject: Subject): Refusal {
  const { status } = error;
  if (status === 401 || status === 403) {
    return { status: 500, message: `the host cluster does not permit ${subject.verb} for this virtual cluster` };
  }
  if (status === 404) return { status: 404, message: `pod "${subject.pod}" does not exist` };
  const message = withVirtualNames(saidBy(error), pod, subject).slice(0, LONGEST);
  const shown = status >= 400 && status < 600 ? status : 502;
  if (message === '' || REVEALS_HOST.test(message)) {
    return { status: shown, message: `the node of pod "${subject.pod}" did not answer` };
  }
  return { status: shown, message };
}

/** Texts of failed connections, which name the host's nodes and addresses. */
const REVEALS_HOST = /dial (tcp|unix)|https?:\/\/|lookup .* on |(\d{1,3}\.){3}\d{1,3}:\d+/;

/** What the server said, without our own client's words about the request, which name its path. */
function saidBy({ message, status, reason }: ApiError): string {
  const marker = `: ${[status, reason].filter(Boolean).join(' ')}: `;
  const start = message.indexOf(marker);
  return start < 0 ? '' : message.slice(start + marker.length).trim();
}

/** A namespace can be a word of everyday language, so it is replaced only in the forms in which Kubernetes writes it. */
function withVirtualNames(message: string, pod: HostedPod, subject: Subject): string {
  const forms: readonly ((name: string, namespace: string) => string)[] = [
    (name, namespace) => `${name}_${namespace}`,
    (name, namespace) => `${namespace}_${name}`,
    (name, namespace) => `${namespace}/${name}`,
    (_, namespace) => `namespace "${namespace}"`,
    (_, namespace) => `namespace ${namespace}`,
    (name) => name,
  ];
  return forms.reduce(
    (text, form) => replaceWord(text, form(pod.hostName, pod.hostNamespace), form(subject.pod, subject.namespace)),
    message,
  );
}

/** Replaces a name where it stands alone, not where it is a piece of a longer one. */
function replaceWord(text: string, name: string, replacement: string): string {
  const pattern = name.replaceAll(/[.\\+*?[^\]$(){}|-]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![A-Za-z0-9-])${pattern}(?![A-Za-z0-9-])`, 'g'), () => replacement);
}
