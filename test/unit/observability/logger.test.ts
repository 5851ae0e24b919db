import { SubletError } from '../../../lib/contract';
import { createLogger, type LogLevel } from '../../../syncer/observability/logger';

function capture(level: LogLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ cluster: 'team', level, write: (line) => void lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('a log line', () => {
  it('is one JSON object that names the cluster, the level and the time', () => {
    const { logger, lines, last } = capture();
    logger.info({ pods: 2 }, 'ready');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toMatchObject({
      level: 'info',
      cluster: 'team',
      pods: 2,
      msg: 'ready',
      time: expect.stringMatching(/Z$/),
    });
  });

  it('carries the context of its logger', () => {
    const { logger, last } = capture();
    logger.child({ kind: 'Pod' }).child({ namespace: 'shop', name: 'web' }).warn({}, 'refused');
    expect(last()).toMatchObject({ level: 'warn', cluster: 'team', kind: 'Pod', namespace: 'shop', name: 'web' });
  });

  it('below the level is not written', () => {
    const { logger, lines } = capture('warn');
    logger.info({}, 'quiet');
    logger.debug({}, 'quiet');
    expect(lines).toEqual([]);
  });

  it('writes an error out with its code and its cause', () => {
    const { logger, last } = capture();
    logger.error({ err: new SubletError('API_ERROR', 'no', { cause: new Error('why') }) }, 'failed');
    expect(last().err).toMatchObject({
      type: 'SubletError',
      code: 'API_ERROR',
      message: 'no',
      cause: { message: 'why' },
    });
  });

  it('holds no secret, neither in fields nor in texts, at any depth', () => {
    const { logger, lines } = capture();
    const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJlLXM';
    const pem = '-----BEGIN PRIVATE KEY-----\nTOPSECRET\n-----END PRIVATE KEY-----';
    logger.child({ component: `x ${jwt}` }).error(
      {
        token: 'TOPSECRET',
        headers: { Authorization: 'Bearer TOPSECRET', cookie: 'TOPSECRET' },
        list: [{ clientKey: 'TOPSECRET', data: { 'ca.key': 'TOPSECRET' }, text: `Bearer TOPSECRETTOPSECRET` }],
        err: new Error(`refused ${jwt} ${pem}`, { cause: { serviceAccountToken: 'TOPSECRET' } }),
      },
      `with ${jwt} and ${pem}`,
    );
    expect(lines[0]).not.toContain('TOPSECRET');
    expect(lines[0]).not.toContain('c2lnbmF0dXJl');
    expect(JSON.parse(lines[0] ?? '').msg).toContain('[redacted]');
  });
});
