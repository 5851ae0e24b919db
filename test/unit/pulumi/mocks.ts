import * as pulumi from '@pulumi/pulumi';

/** One resource that the program registered or read. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly [field: string]: unknown };
  /** Set when the resource was read by its id, empty when that is not known yet: then the real engine reads nothing. */
  readonly id?: string;
  /** URN and id of the provider that was named for it, if one was. */
  readonly provider?: string;
}

/** What there is already when the program runs. */
export interface Surroundings {
  /** The kubeconfig in the virtual cluster's Secret. @default KUBECONFIG */
  readonly kubeconfig?: string;
  /** Outputs of other stacks by their names. @default - none */
  readonly stacks?: { readonly [stack: string]: { readonly [output: string]: unknown } };
}

/** The kubeconfig that the syncer is to have written. */
export const KUBECONFIG = 'apiVersion: v1\nkind: Config\n';

/**
 * Puts Pulumi's engine behind mocks, for the tests of one file. Import the program afterwards, for resources that are
 * made while a module loads.
 * @returns what is registered from now on
 */
export function mockEngine(
  preview: boolean,
  { kubeconfig = KUBECONFIG, stacks = {} }: Surroundings = {},
): Registered[] {
  const registered: Registered[] = [];
  pulumi.runtime.setMocks(
    {
      newResource({ id, inputs, name, type, provider }) {
        if (type === STACK_REFERENCE) return { id: name, state: { ...inputs, outputs: stacks[name] ?? {} } };
        if (!id) {
          registered.push({ type, name, inputs, ...(provider && { provider }) });
          return { id: preview ? undefined : `${name}-id`, state: inputs };
        }
        const known = id !== pulumi.runtime.unknownValue;
        registered.push({ type, name, inputs, id: known ? id : '' });
        const data = { config: Buffer.from(kubeconfig).toString('base64') };
        return { id, state: known ? { ...inputs, data } : inputs };
      },
      call: ({ inputs }) => inputs,
    },
    'project',
    'stack',
    preview,
    'organization',
  );
  return registered;
}

const STACK_REFERENCE = 'pulumi:pulumi:StackReference';

/** Waits until every resource that was made so far is registered. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}

/** The value of an output, or `undefined` where it is not known. */
export async function valueIn<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const known = await (output as pulumi.Output<T> & { readonly isKnown: Promise<boolean> }).isKnown;
  return known ? new Promise((resolve) => output.apply(resolve)) : undefined;
}
