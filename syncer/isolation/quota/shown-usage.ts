import { isDeepStrictEqual } from 'node:util';
import { QUOTA_CONFIG_MAP } from '../../../lib/contract';
import { Controller, type ControllerReport } from '../../engine/controller';
import { RESOURCES } from '../../kube/resources';
import { type Cache, type KubeClient, type KubeObject, keyOf } from '../../kube/types';
import type { QuotaLedger } from './ledger';
import { shownAmounts } from './wording';

const { namespace: NAMESPACE, name: NAME } = QUOTA_CONFIG_MAP;
const KEY = `${NAMESPACE}/${NAME}`;

/** How long changes are gathered before they are shown, in milliseconds: a rollout changes every amount many times. */
const GATHER_MS = 500;

interface Shown extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

/** What {@link usageController} works with. */
export interface UsageParts {
  readonly virtual: KubeClient;
  readonly configMaps: Pick<Cache<KubeObject>, 'get' | 'subscribe'>;
  /** Undefined without any limit: what is shown from before is then removed. */
  readonly ledger: QuotaLedger | undefined;
  readonly report: ControllerReport;
}

/** Keeps the ConfigMap in which tenants see how much of their quota is used, until `signal` aborts. */
export function usageController({ virtual, configMaps, ledger, report }: UsageParts, signal: AbortSignal): Controller {
  const controller: Controller = new Controller({
    name: 'quota',
    report,
    workers: 1,
    async reconcile() {
      if (ledger === undefined && configMaps.get(KEY) === undefined) return { kind: 'unchanged' };
      const current = await virtual.get<Shown>(RESOURCES.configMaps, NAMESPACE, NAME);
      if (ledger === undefined) {
        if (current?.metadata.labels?.[OURS.key] !== OURS.value) return { kind: 'unchanged' };
        await virtual.delete(RESOURCES.configMaps, NAMESPACE, NAME);
        return { kind: 'deleted' };
      }
      const data = usageData(ledger);
      if (current === undefined) {
        await virtual.create<Shown>(RESOURCES.configMaps, NAMESPACE, configMap(data));
        return { kind: 'created' };
      }
      const isOurs = current.metadata.labels?.[OURS.key] === OURS.value;
      if (isOurs && isDeepStrictEqual(current.data, data)) return { kind: 'unchanged' };
      const { metadata } = configMap(data);
      await virtual.update<Shown>(RESOURCES.configMaps, {
        ...configMap(data),
        metadata: { ...metadata, resourceVersion: current.metadata.resourceVersion ?? '' },
      });
      return { kind: 'patched' };
    },
  });
  let isGathering = false;
  const end = ledger?.subscribe(() => {
    if (isGathering) return;
    isGathering = true;
    setTimeout(() => {
      isGathering = false;
      controller.enqueue(KEY);
    }, GATHER_MS).unref();
  });
  if (end !== undefined) signal.addEventListener('abort', end, { once: true });
  configMaps.subscribe((change) => {
    if (keyOf(change.kind === 'deleted' ? change.previous : change.object) === KEY) controller.enqueue(KEY);
  });
  controller.enqueue(KEY);
  return controller;
}

/** By this label we know what we have made ourselves. */
const OURS = { key: 'sublet.dev/shows', value: 'quota' } as const;

/** `hard` and `used`, each with a line `resource: amount` for every resource that is limited. */
export function usageData(ledger: Pick<QuotaLedger, 'hard' | 'used' | 'rules'>): { readonly [key: string]: string } {
  const lines = (amounts: Readonly<Record<string, string>>): string =>
    Object.entries(amounts)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([resource, amount]) => `${resource}: ${amount}\n`)
      .join('');
  return {
    hard: lines(shownAmounts(ledger.hard, ledger.rules)),
    used: lines(shownAmounts(ledger.used, ledger.rules)),
  };
}

function configMap(data: { readonly [key: string]: string }): Shown {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace: NAMESPACE, labels: { [OURS.key]: OURS.value } },
    data,
  };
}
