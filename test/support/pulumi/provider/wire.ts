import * as grpc from '@grpc/grpc-js';
import { ErrorResourceInitFailed } from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { isProperties, type Properties, type Value } from './properties';

/** The properties in a message; none where the field is absent. */
export function fromStruct(struct: Struct | undefined): Properties {
  const value: Value = struct?.toJavaScript();
  return isProperties(value) ? value : {};
}

/** Properties as a message carries them. What is undefined is left out. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

/** An object that is there but does not work, which the engine then keeps and repairs or removes later. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';

  constructor(
    readonly id: string,
    readonly outputs: Properties,
    readonly inputs: Properties,
    missing: string,
  ) {
    super(`${id} is not ready: ${missing}`);
  }
}

/** Makes a handler of the service from a function; what it throws becomes the call's error. */
export function unary<Request, Response>(
  answer: (request: Request) => Promise<Response> | Response,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    Promise.resolve()
      .then(() => answer(request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(serviceError(error)),
      );
  };
}

function serviceError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const plain = { code: grpc.status.UNKNOWN, details: message };
  return error instanceof NotReadyError ? { ...plain, metadata: initFailure(error) } : plain;
}

/** gRPC's way of sending an error with data, which its implementation for Node leaves to its users. */
function initFailure(error: NotReadyError): grpc.Metadata {
  const failed = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(toStruct(error.outputs))
    .setInputs(toStruct(error.inputs))
    .setReasonsList([error.message]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(error.message);
  status.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return metadata;
}
