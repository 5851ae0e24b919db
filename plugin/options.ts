import * as pulumi from '@pulumi/pulumi';

/** Free form, as it arrives from another language. */
export type Options = unknown;

/**
 * Puts flat arguments and free-form ones together. An argument that was not given counts as absent. What comes from
 * another language is not known to be `Args`: the component that gets it checks every field.
 * @throws RunError when the free form is no object whose fields are known, or says again what is said flat
 */
export function withOptions<Args>(options: Options, flat: { readonly [field: string]: unknown }): Args {
  return merged(options, flat) as Args;
}

function merged(options: Options, flat: { readonly [field: string]: unknown }): object {
  const given = Object.fromEntries(Object.entries(flat).filter(([, value]) => value !== undefined && value !== null));
  if (options === undefined || options === null) return given;
  if (pulumi.Output.isInstance(options)) {
    throw new pulumi.RunError(
      `options is known only at deployment as a whole, but its fields decide which resources there are: put outputs into single fields`,
    );
  }
  if (typeof options !== 'object' || Array.isArray(options)) {
    throw new pulumi.RunError(`options must be an object with fields, not ${JSON.stringify(options)}`);
  }
  const twice = Object.keys(options).find((field) => field in given);
  if (twice !== undefined) throw new pulumi.RunError(`options.${twice} is declared twice: leave one of them out`);
  return { ...given, ...options };
}
