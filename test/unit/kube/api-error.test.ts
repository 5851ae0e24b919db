import { apiErrorOfAnswer, apiErrorOfEvent } from '../../../syncer/kube/api-error';
import { failure } from './support/loopback';

const pod = { method: 'GET', path: '/api/v1/namespaces/a/pods/web?x=1' };

describe('the error of a refused request', () => {
  it.each([
    [401, 'API_FORBIDDEN'],
    [403, 'API_FORBIDDEN'],
    [404, 'API_NOT_FOUND'],
    [409, 'API_CONFLICT'],
    [410, 'WATCH_EXPIRED'],
    [422, 'API_ERROR'],
    [500, 'API_ERROR'],
  ])('%i has the code %s', (status, code) => {
    expect(apiErrorOfAnswer(pod, { status, body: '' })).toMatchObject({ status, code, name: 'ApiError' });
  });

  it('says what was asked and what the server said', () => {
    const error = apiErrorOfAnswer(pod, { status: 409, body: JSON.stringify(failure(409, 'Conflict')) });
    expect(error.message).toBe('GET /api/v1/namespaces/a/pods/web: 409 Conflict: Conflict it is');
    expect(error.reason).toBe('Conflict');
  });

  it.each([
    ['an object', failure(404, 'NotFound', { details: { name: 'web', kind: 'pods' } }), true],
    ['another object', failure(404, 'NotFound', { details: { name: 'a', kind: 'namespaces' } }), false],
    ['the kind', failure(404, 'NotFound', { details: {} }), false],
    ['a path', '404 page not found', false],
  ])('knows a 404 of %s', (_, body, missing) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(apiErrorOfAnswer(pod, { status: 404, body: text }).isMissingObject('pods', 'web')).toBe(missing);
  });

  it.each([
    ['the header', '7', {}, 7],
    ['the status', undefined, { details: { retryAfterSeconds: 3 } }, 3],
    ['the header first', '0', { details: { retryAfterSeconds: 3 } }, 0],
    ['neither', undefined, {}, undefined],
  ])('takes the wait that the server asks for from %s', (_, retryAfter, rest, expected) => {
    const body = JSON.stringify(failure(429, 'TooManyRequests', rest));
    expect(apiErrorOfAnswer(pod, { status: 429, retryAfter, body }).retryAfterSeconds).toBe(expected);
  });

  it.each([
    '/api/v1/namespaces/a/secrets',
    '/api/v1/namespaces/a/secrets/s',
    '/api/v1/namespaces/a/serviceaccounts/s/token',
  ])('quotes nothing that the server says of %s', (path) => {
    const causes = [{ field: 'data[key]', message: 'invalid: hunter2' }];
    const body = JSON.stringify(failure(422, 'Invalid', { message: 'bad: hunter2', details: { causes } }));
    const error = apiErrorOfAnswer({ method: 'POST', path }, { status: 422, body });
    expect(JSON.stringify(error) + error.message).not.toContain('hunter2');
    expect(error.message).toBe(`POST ${path}: 422 Invalid: data[key]`);
  });

  it('reads the error event of a watch', () => {
    expect(apiErrorOfEvent(pod, failure(410, 'Expired'))).toMatchObject({ code: 'WATCH_EXPIRED', reason: 'Expired' });
    expect(apiErrorOfEvent(pod, { anything: 'else' })).toMatchObject({ code: 'API_ERROR', status: 500 });
  });
});
