import { signedHeaders } from '../../../syncer/backup/objects/signature';

describe('a request to an object store', () => {
  it("is signed as AWS' own example of a list of a bucket", () => {
    const headers = signedHeaders(
      {
        method: 'GET',
        host: 'examplebucket.s3.amazonaws.com',
        path: '/',
        query: { prefix: 'J', 'max-keys': '2' },
        body: Buffer.alloc(0),
        region: 'us-east-1',
      },
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
      new Date('2013-05-24T00:00:00Z'),
    );
    expect(headers.authorization).toContain(
      'Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    );
  });
});
