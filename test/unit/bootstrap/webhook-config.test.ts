import { servicesWebhook } from '../../../syncer/bootstrap';

it('the registration of the Service webhook fails open and costs a dry run nothing', () => {
  expect(servicesWebhook('PEM').object).toMatchObject({
    metadata: { name: 'sublet-services' },
    webhooks: [
      {
        clientConfig: {
          url: 'https://127.0.0.1:8444/admit/services',
          caBundle: Buffer.from('PEM').toString('base64'),
        },
        failurePolicy: 'Ignore',
        sideEffects: 'NoneOnDryRun',
        timeoutSeconds: 5,
        rules: [{ operations: ['CREATE', 'UPDATE'], resources: ['services'] }],
        matchConditions: [{ expression: "!(request.namespace == 'default' && request.name == 'kubernetes')" }],
      },
    ],
  });
});
