import pino, { type Logger as Pino } from 'pino';
import { redact, redactText } from './redaction';

/** How much is logged. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** What every line of a logger says about its subject: the object it is about, as the tenant names it. */
export interface LogContext {
  /** The part of the syncer that speaks: `kubelet`, `egress`, `engine`, … */
  readonly component?: string;
  /** Kind, namespace and name of the virtual object. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** The virtual cluster. */
  readonly cluster?: string;
}

/** Writes one JSON object a line. Secrets are taken out of fields and texts before they are written. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger whose lines carry `context` besides what this one's carry. */
  child(context: LogContext): Logger;
}

/** What a logger needs. */
export interface LoggerOptions {
  /** @default 'info' */
  readonly level?: LogLevel;
  /** The virtual cluster, on every line. */
  readonly cluster: string;
  /** Takes each finished line, with its line break. @default standard output */
  readonly write?: (line: string) => void;
}

/** Makes the root logger of a process. */
export function createLogger(options: LoggerOptions): Logger {
  const { level = 'info', cluster, write } = options;
  const settings: pino.LoggerOptions = {
    level,
    base: { cluster },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: scrub, bindings: scrub },
    // Errors are written out by `scrub`, at any depth; pino's own serializer would put back what it left out.
    serializers: { err: (value: unknown) => value },
    hooks: { streamWrite: redactText },
  };
  return wrap(write === undefined ? pino(settings) : pino(settings, { write }));
}

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};

function wrap(logger: Pino): Logger {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (context) => wrap(logger.child(context)),
  };
}

function scrub(fields: object): Record<string, unknown> {
  return { ...Object(redact(fields)) };
}
