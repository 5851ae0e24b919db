import { hostName } from '../../../lib/contract';
import { refusalOfHost, tenantText } from '../../../syncer/engine/tenant-text';
import { apiErrorOfAnswer } from '../../../syncer/kube/api-error';
import { ARTICLE } from './context';

const WEB = { metadata: { name: 'web', namespace: 'shop' } };
const ON_HOST = hostName('web', 'shop', ARTICLE.cluster);

const refused = (status: number, reason: string, message: string) => {
  const body = JSON.stringify({ kind: 'Status', status: 'Failure', reason, message, code: status });
  return apiErrorOfAnswer({ method: 'POST', path: '/api/v1/namespaces/a/pods' }, { status, body });
};

function told(status: number, reason: string, message: string): string {
  const body = JSON.stringify({ kind: 'Status', status: 'Failure', reason, message, code: status });
  const path = `/api/v1/namespaces/${ARTICLE.hostNamespace}/pods`;
  return tenantText(apiErrorOfAnswer({ method: 'POST', path }, { status, body }), WEB, ARTICLE);
}

describe('a refusal of the host, as the tenant reads it', () => {
  it('names the tenant’s object and nothing of the host', () => {
    const text = told(403, 'Forbidden', `pods "${ON_HOST}" is forbidden: exceeded quota in ${ARTICLE.hostNamespace}`);
    expect(text).toBe('403 Forbidden: pods "web" is forbidden: exceeded quota in shop');
  });

  it('does not show the request', () => {
    const text = told(422, 'Invalid', 'spec.replicas: must be at least 0');
    expect(text).toBe('422 Invalid: spec.replicas: must be at least 0');
  });

  it('keeps the name of the cluster’s objects apart from that of the host namespace', () => {
    expect(told(403, 'Forbidden', `${ON_HOST}.${ARTICLE.hostNamespace}.svc`)).toBe('403 Forbidden: web.shop.svc');
  });
});

describe('a quota of the platform that has no room', () => {
  it('is told without its name, and without what others use', () => {
    const message = `pods "${ON_HOST}" is forbidden: exceeded quota: acme, requested: pods=1,requests.cpu=2, used: pods=7,requests.cpu=9, limited: pods=7,requests.cpu=10`;
    expect(refusalOfHost(refused(403, 'Forbidden', message), WEB, ARTICLE)).toEqual([
      'QuotaExceeded',
      "the platform's quota for this cluster has no room for it (asks for pods=1,requests.cpu=2)",
    ]);
  });

  it('is kept apart from other refusals', () => {
    expect(refusalOfHost(refused(403, 'Forbidden', 'pods is forbidden'), WEB, ARTICLE)[0]).toBe('SyncError');
  });
});
