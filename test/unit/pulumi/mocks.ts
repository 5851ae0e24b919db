import * as pulumi from '@pulumi/pulumi';

/** One resource that the program registered or read. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly [field: string]: unknown };
  /** Set when the resource was read by its id, empty when that is not known yet: then the real engine reads nothing. */
  readonly id?: string;
}

/** The kubeconfig that the syncer is to have written. */
export const KUBECONFIG = 'apiVersion: v1\nkind: Config\n';

/**
 * Puts Pulumi's engine behind mocks, for the tests of one file. Import the program afterwards, for resources that are
 * made while a module loads.
 * @returns what is registered from now on
 */
export function mockEngine(preview: boolean): Registered[] {
  const registered: Registered[] = [];
  pulumi.runtime.setMocks(
    {
      newResource({ id, inputs, name, type }) {
        if (!id) {
          registered.push({ type, name, inputs });
          return { id: preview ? undefined : `${name}-id`, state: inputs };
        }
        const known = id !== pulumi.runtime.unknownValue;
        registered.push({ type, name, inputs, id: known ? id : '' });
        const data = { config: Buffer.from(KUBECONFIG).toString('base64') };
        return { id, state: known ? { ...inputs, data } : inputs };
      },
      call: ({ inputs }) => inputs,
    },
    'project',
    'stack',
    preview,
  );
  return registered;
}

/** Waits until every resource that was made so far is registered. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}

/** The value of an output, or `undefined` where it is not known. */
export async function valueIn<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const known = await (output as pulumi.Output<T> & { readonly isKnown: Promise<boolean> }).isKnown;
  return known ? new Promise((resolve) => output.apply(resolve)) : undefined;
}
