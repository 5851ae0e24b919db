import { matchRoute } from '../../../syncer/kubelet/routes';

const route = (method: string, target: string) => {
  const match = matchRoute(method, target);
  return match.kind === 'route' ? match.route : match.status;
};

describe('the routes of the kubelet API', () => {
  it.each([
    [
      'GET',
      '/containerLogs/ns/web-0/main?follow=true',
      { kind: 'logs', namespace: 'ns', pod: 'web-0', container: 'main' },
    ],
    ['POST', '/exec/ns/web/main', { kind: 'exec', namespace: 'ns', pod: 'web', uid: undefined, container: 'main' }],
    ['GET', '/exec/ns/web/u-1/main', { kind: 'exec', namespace: 'ns', pod: 'web', uid: 'u-1', container: 'main' }],
    ['POST', '/attach/ns/a.b/main', { kind: 'attach', namespace: 'ns', pod: 'a.b', uid: undefined, container: 'main' }],
    ['POST', '/portForward/ns/web', { kind: 'portForward', namespace: 'ns', pod: 'web', uid: undefined }],
    ['GET', '/portForward/ns/web/U2', { kind: 'portForward', namespace: 'ns', pod: 'web', uid: 'U2' }],
    ['GET', '/pods', { kind: 'pods' }],
    ['GET', '/pods/', { kind: 'pods' }],
    ['GET', '/runningpods/', { kind: 'runningPods' }],
    ['GET', '/healthz', { kind: 'health' }],
    ['GET', '/stats/summary', { kind: 'measurement', what: 'stats/summary' }],
    ['GET', '/metrics/resource', { kind: 'measurement', what: 'metrics/resource' }],
    ['GET', '/metrics/cadvisor', { kind: 'measurement', what: 'metrics/cadvisor' }],
  ])('%s %s is served', (method, target, expected) => {
    expect(route(method, target)).toEqual(expected);
  });

  it.each([
    ['a doubled slash', '//pods'],
    ['a doubled slash inside', '/exec//ns/web/main'],
    ['percent-encoding', '/%70ods'],
    ['an encoded slash in a name', '/containerLogs/ns/web%2f..%2fother/main'],
    ['dot segments', '/exec/ns/../other/web/main'],
    ['a dot', '/./pods'],
    ['another case', '/Pods'],
    ['an absolute URL', 'http://other/pods'],
    ['a backslash', '/pods\\'],
    ['a missing container', '/exec/ns/web'],
    ['a part too many', '/exec/ns/web/uid/main/x'],
    ['a path below a leaf', '/pods/ns'],
    ['a namespace that is no label', '/exec/a.b/web/main'],
    ['a name that is no name', '/exec/ns/Web/main'],
    ['a container that is no label', '/containerLogs/ns/web/-x'],
    ['what a kubelet has and this has not', '/configz'],
    ["the kubelet's own metrics", '/metrics'],
    ['measurements below measurements', '/metrics/resource/x'],
    ['checkpoints', '/checkpoint/ns/web/main'],
    ['debugging', '/debug/pprof/heap'],
    ['the root', '/'],
    ['nothing', ''],
    ['a property of every object', '/constructor'],
  ])('%s leads nowhere', (_, target) => {
    expect(route('GET', target)).toBe(404);
  });

  it.each([
    ['POST', '/containerLogs/ns/web/main', 405],
    ['DELETE', '/pods', 405],
    ['PUT', '/exec/ns/web/main', 405],
    ['POST', '/run/ns/web/main', 403],
    ['POST', '/stats/summary', 405],
  ])('%s %s is refused with %d', (method, target, status) => {
    expect(route(method, target)).toBe(status);
  });

  it('keeps the query as it came', () => {
    expect(matchRoute('POST', '/exec/ns/web/main?command=a%3Fb&command=?')).toMatchObject({
      query: 'command=a%3Fb&command=?',
    });
  });
});
