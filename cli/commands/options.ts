import { InvalidArgumentError, Option } from 'commander';
import { SubletError } from '../../lib/contract';
import { MAX_CLUSTER_NAME_LENGTH } from '../../lib/spec';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** A Service bears the name, and Service names start with a letter (RFC 1035). */
const CLUSTER_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** `-n, --namespace`. */
export function namespaceOption(what = 'namespace of the virtual cluster on the host'): Option {
  return new Option('-n, --namespace <name>', `${what} (default: vcluster-NAME)`).argParser((value) => {
    if (value.length > 63 || !DNS_LABEL.test(value)) throw new InvalidArgumentError('it is no namespace name.');
    return value;
  });
}

/** `--timeout`, in milliseconds once parsed. */
export function timeoutOption(fallback: string): Option {
  return new Option('--timeout <duration>', 'how long to wait at most: 90s, 5m, 1h')
    .argParser(parseDuration)
    .default(parseDuration(fallback), fallback);
}

/** Milliseconds of `90s`, `5m`, `1h` or plain seconds. */
export function parseDuration(text: string): number {
  const [, amount, unit = 's'] = DURATION.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('write it like 90s, 5m or 1h.');
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** Another name of an option, for the same values in the same order. */
export class OtherName extends Option {
  readonly #option: string;

  /** @param option the long name of the option that is meant, without its dashes */
  constructor(flags: string, option: string) {
    super(flags, `the same as --${option}`);
    this.#option = option;
  }

  override attributeName(): string {
    return this.#option;
  }
}

/** An option that may stand several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/**
 * Checks the name of a virtual cluster before anything is asked of a server.
 * @throws SubletError `NAME_INVALID`
 */
export function checkName(name: string | undefined): string {
  const text = name ?? '';
  const wrong =
    text.length > MAX_CLUSTER_NAME_LENGTH
      ? `it has ${text.length} characters, ${MAX_CLUSTER_NAME_LENGTH} are allowed`
      : CLUSTER_NAME.test(text)
        ? undefined
        : 'lower-case letters, digits and dashes are allowed, a letter first, a letter or digit last';
  if (wrong === undefined) return text;
  const suggestion = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_CLUSTER_NAME_LENGTH)
    .replaceAll(/^[^a-z]+|-+$/g, '');
  throw new SubletError('NAME_INVALID', `"${text}" can't be the name of a virtual cluster: ${wrong}`, {
    ...(suggestion !== '' && { hint: `for example: ${suggestion}` }),
  });
}
