/** The query that the host's API server gets, or what is wrong with the one that came. */
export type Translated =
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'bad'; readonly message: string };

/**
 * Translates `exec` and `attach` from the kubelet's parameters (`input`, `output`, `error`, `tty`, `command`) to those
 * of the API (`stdin`, `stdout`, `stderr`, `tty`, `command`, `container`). A command's words keep their encoding, so
 * that bytes that are no UTF-8 arrive as they were.
 */
export function commandQuery(kind: 'exec' | 'attach', raw: string, container: string): Translated {
  const parameters = parse(raw);
  if (parameters === undefined) return MALFORMED;
  const isSet = (key: string): boolean => parameters.some((one) => one.key === key && one.value === '1');
  const tty = isSet('tty');
  const stdin = isSet('input');
  const stdout = isSet('output');
  // With a terminal both outputs are one: the kubelet drops stderr then.
  const stderr = isSet('error') && !tty;
  if (!stdin && !stdout && !stderr) {
    return { kind: 'bad', message: 'you must specify at least 1 of stdin, stdout, stderr' };
  }
  const command = kind === 'exec' ? parameters.filter(({ key }) => key === 'command') : [];
  return join([
    ['container', encodeURIComponent(container)],
    ...Object.entries({ stdin, stdout, stderr, tty }).map(([key, value]) => [key, String(value)] as const),
    ...command.map(({ value }) => ['command', value] as const),
  ]);
}

/** Translates `portForward`: the kubelet's `port=80,81`, which only WebSocket clients give, becomes `ports=80&ports=81`. */
export function portForwardQuery(raw: string): Translated {
  const parameters = parse(raw);
  if (parameters === undefined) return MALFORMED;
  const ports = parameters
    .filter(({ key }) => key === 'port')
    .flatMap(({ value }) => value.replaceAll(/%2c/gi, ',').split(','));
  const wrong = ports.find((port) => !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535);
  if (wrong !== undefined) return { kind: 'bad', message: `unable to parse "${wrong}" as a port` };
  return join(ports.map((port) => ['ports', String(Number(port))] as const));
}

/** Translates `containerLogs`: known options with values that they can have, and the container. */
export function logQuery(raw: string, container: string): Translated {
  const parameters = parse(raw);
  if (parameters === undefined) return MALFORMED;
  const query: (readonly [string, string])[] = [['container', encodeURIComponent(container)]];
  for (const { key, value } of parameters) {
    const option = LOG_OPTIONS.get(key);
    if (option === undefined || value === '') continue;
    const decoded = decode(value);
    if (decoded === undefined || !option.test(decoded)) return { kind: 'bad', message: `invalid value of ${key}` };
    // Servers that don't know the option refuse it, and all streams are what they give without it.
    if (key === 'stream' && decoded === 'All') continue;
    query.push([key, encodeURIComponent(decoded)]);
  }
  return join(query);
}

const BOOLEAN = /^(true|false|1|0|t|f)$/i;
const COUNT = /^\d{1,18}$/;
const LOG_OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['follow', BOOLEAN],
  ['previous', BOOLEAN],
  ['timestamps', BOOLEAN],
  ['tailLines', COUNT],
  ['limitBytes', COUNT],
  ['sinceSeconds', COUNT],
  ['sinceTime', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/],
  ['stream', /^(All|Stdout|Stderr)$/],
]);

const MALFORMED: Translated = { kind: 'bad', message: 'Unable to decode query.' };

/** One `key=value` of a query, the value still encoded. */
interface Parameter {
  readonly key: string;
  readonly value: string;
}

/** A value in which nothing could be read as an end of the value or of the query. */
const ENCODED_VALUE = /^(?:[A-Za-z0-9._~!$'()*+,;:@/?=[\]-]|%[0-9A-Fa-f]{2})*$/;

function parse(raw: string): readonly Parameter[] | undefined {
  const parameters = raw
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', ...value] = pair.split('=');
      return { key, value: value.join('=') };
    });
  return parameters.every(({ value }) => ENCODED_VALUE.test(value)) ? parameters : undefined;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function join(parameters: readonly (readonly [string, string])[]): Translated {
  return { kind: 'query', query: parameters.map(([key, value]) => `${key}=${value}`).join('&') };
}
