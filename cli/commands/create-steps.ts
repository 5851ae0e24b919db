import { applyAll } from '../cluster/apply';
import { type Declaration, objectsToApply } from '../cluster/declaration';
import { type PreflightResult, preflight } from '../cluster/preflight';
import { waitForReady } from '../cluster/wait';
import { createResourceFinder } from '../kube/discovery';
import { describeObject } from '../kube/types';
import type { Session } from '../session';
import { during } from '../terminal/progress';

/** What is to become a virtual cluster. */
type Declared = Omit<Declaration, 'yaml'>;

/** Checks the host for a declaration, showing that it does. Writes nothing. */
export function check(
  session: Session,
  declaration: Declared,
  options: { readonly createNamespace: boolean; readonly upgrade?: boolean },
): Promise<PreflightResult> {
  return during(session.progress, 'Checking the host cluster', async (step) => {
    const api = session.api();
    const result = await preflight({
      api,
      findResource: createResourceFinder(api),
      ...declaration,
      createNamespace: options.createNamespace && declaration.namespaceObject !== undefined,
      upgrade: options.upgrade === true,
      signal: session.signal,
    });
    step.done(`Host cluster ${api.contextName} is fit`);
    return result;
  });
}

/** Applies a declaration that was checked, showing how far it is. */
export function apply(session: Session, declaration: Declared, found: PreflightResult): Promise<void> {
  const { name, namespace } = declaration;
  const all = objectsToApply(declaration, found.namespaceExists);
  const [doing, did] = found.clusterExists ? ['Changing', 'Changed'] : ['Creating', 'Created'];
  return during(session.progress, `${doing} ${name} in namespace ${namespace}`, async (step) => {
    const api = session.api();
    const created = await applyAll({
      api,
      findResource: createResourceFinder(api),
      objects: all,
      force: found.clusterExists,
      signal: session.signal,
      onObject: (object, index) => step.flash(`${index + 1} of ${all.length}: ${describeObject(object)}`),
      onRollback: (count) => step.update(`it failed; removing the ${count} objects that were made`),
    });
    step.done(`${did} ${name} in namespace ${namespace}: ${created} new of ${all.length} objects`);
  });
}

/** Waits until a virtual cluster is ready, showing what is missing meanwhile. */
export function wait(
  session: Session,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  timeoutMs: number,
): Promise<void> {
  return during(session.progress, `Waiting for ${name}`, async (step) => {
    const onMissing = (missing: readonly string[]) => step.update(missing.join('; '));
    await waitForReady({ api: session.api(), name, namespace, timeoutMs, signal: session.signal, onMissing });
    step.done(`${name} is ready`);
  });
}
