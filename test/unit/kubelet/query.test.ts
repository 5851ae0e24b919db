import { commandQuery, logQuery, portForwardQuery } from '../../../syncer/kubelet/query';

const ok = (query: string) => ({ kind: 'query', query });

describe('the parameters of exec and attach', () => {
  it.each([
    [
      'the streams get the names of the API',
      'command=ls&input=1&output=1&error=1',
      'container=main&stdin=true&stdout=true&stderr=true&tty=false&command=ls',
    ],
    [
      'a terminal has no stderr of its own',
      'command=sh&input=1&output=1&error=1&tty=1',
      'container=main&stdin=true&stdout=true&stderr=false&tty=true&command=sh',
    ],
    [
      'the words of a command keep order and encoding',
      'command=sh&command=-c&command=echo+%ff%20%26+a%3Db%2Bc&output=1',
      'container=main&stdin=false&stdout=true&stderr=false&tty=false&command=sh&command=-c&command=echo+%ff%20%26+a%3Db%2Bc',
    ],
    [
      'parameters of the API itself, and unknown ones, go no further',
      'output=1&container=other&stdin=true&command=x&x=y',
      'container=main&stdin=false&stdout=true&stderr=false&tty=false&command=x',
    ],
  ])('%s', (_, raw, expected) => {
    expect(commandQuery('exec', raw, 'main')).toEqual(ok(expected));
  });

  it('attach has no command', () => {
    expect(commandQuery('attach', 'output=1&command=x', 'main')).toEqual(
      ok('container=main&stdin=false&stdout=true&stderr=false&tty=false'),
    );
  });

  it.each([
    ['no stream at all', 'command=ls'],
    ['only stderr of a terminal', 'command=ls&error=1&tty=1'],
    ['a broken encoding', 'command=%zz&output=1'],
    ['a fragment', 'output=1&command=a#b'],
    ['a space', 'output=1&command=a b'],
  ])('%s is bad', (_, raw) => {
    expect(commandQuery('exec', raw, 'main').kind).toBe('bad');
  });
});

describe('the parameters of port-forward', () => {
  it.each([
    ['', ''],
    ['port=80', 'ports=80'],
    ['port=80,81', 'ports=80&ports=81'],
    ['port=80%2C81&port=82', 'ports=80&ports=81&ports=82'],
    ['ports=1&x=2', ''],
  ])('%p becomes %p', (raw, expected) => {
    expect(portForwardQuery(raw)).toEqual(ok(expected));
  });

  it.each(['port=', 'port=0', 'port=65536', 'port=80%26stdin=1', 'port=-1', 'port=1e3'])('%p is bad', (raw) => {
    expect(portForwardQuery(raw).kind).toBe('bad');
  });
});

describe('the parameters of logs', () => {
  it.each([
    ['', ''],
    ['follow=true&previous=true&timestamps=true', '&follow=true&previous=true&timestamps=true'],
    ['tailLines=0&limitBytes=10&sinceSeconds=3600', '&tailLines=0&limitBytes=10&sinceSeconds=3600'],
    ['sinceTime=2026-11-24T08%3A00%3A00Z', '&sinceTime=2026-11-24T08%3A00%3A00Z'],
    ['stream=All', ''],
    ['stream=Stderr', '&stream=Stderr'],
    ['container=other&insecureSkipTLSVerifyBackend=true&pretty=1', ''],
  ])('%p becomes container=main%p', (raw, expected) => {
    expect(logQuery(raw, 'main')).toEqual(ok(`container=main${expected}`));
  });

  it.each(['tailLines=x', 'tailLines=-1', 'follow=yes', 'sinceTime=yesterday', 'stream=All%26x=y', 'follow=%'])(
    '%p is bad',
    (raw) => {
      expect(logQuery(raw, 'main').kind).toBe('bad');
    },
  );
});
