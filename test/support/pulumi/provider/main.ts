import { Server, ServerCredentials } from '@grpc/grpc-js';
import { version } from '@pulumi/kubernetes/package.json';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import { providerService } from './service';

/** Serves the provider on a free port, which the engine reads from standard output, until the engine ends it. */
const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
server.addService(ResourceProviderService, providerService(version));
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
