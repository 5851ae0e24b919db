import { apiErrorOfAnswer } from '../../../syncer/kube/api-error';
import { translateRefusal } from '../../../syncer/kubelet/refusal';

const pod = { hostName: 'web-x-default-x-a', hostNamespace: 'a', containers: ['main'] };
const subject = { verb: 'logs', namespace: 'default', pod: 'web' } as const;
const refuse = (status: number, body: string) =>
  translateRefusal(
    apiErrorOfAnswer({ method: 'GET', path: '/api/v1/namespaces/a/pods/x/log' }, { status, body }),
    pod,
    subject,
  );
const statusBody = (message: string, reason = 'BadRequest') => JSON.stringify({ kind: 'Status', message, reason });

describe('a refusal of the host', () => {
  it.each([
    [
      'container "main" in pod "web-x-default-x-a" is waiting to start: ContainerCreating',
      'container "main" in pod "web" is waiting to start: ContainerCreating',
    ],
    ['pod web-x-default-x-a_a(1-2) is a pod', 'pod web_default(1-2) is a pod'],
    ['no container of a/web-x-default-x-a in namespace "a"', 'no container of default/web in namespace "default"'],
    ['web-x-default-x-a-2 is another; so is a-b', 'web-x-default-x-a-2 is another; so is a-b'],
    ['container not found ("main")', 'container not found ("main")'],
  ])('%p is said as %p', (said, expected) => {
    expect(refuse(400, statusBody(said))).toEqual({ status: 400, message: expected });
  });

  it('in plain text is said in plain text', () => {
    expect(refuse(500, 'container not found ("main")\n')).toEqual({
      status: 500,
      message: 'container not found ("main")',
    });
  });

  it.each([
    'Get "https://10.1.2.3:10250/containerLogs/a/b/c": dial tcp 10.1.2.3:10250: connect: no route to host',
    'error dialing backend: dial tcp: lookup node-7 on 10.0.0.2:53: no such host',
    'error dialing backend: EOF from 10.1.2.3:10250',
  ])('that names machines of the host is hidden: %s', (said) => {
    expect(refuse(500, statusBody(said))).toEqual({ status: 500, message: 'the node of pod "web" did not answer' });
  });

  it('for want of a right is no refusal of the tenant', () => {
    const refusal = refuse(403, statusBody('User "system:serviceaccount:a:vc-a" cannot get pods/log', 'Forbidden'));
    expect(refusal.status).toBe(500);
    expect(refusal.message).not.toContain('serviceaccount');
  });

  it('of a pod that is gone says so', () => {
    expect(refuse(404, statusBody('pods "web-x-default-x-a" not found', 'NotFound'))).toEqual({
      status: 404,
      message: 'pod "web" does not exist',
    });
  });
});
