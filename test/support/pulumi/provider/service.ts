import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import {
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  GetSchemaResponse,
  PropertyDiff,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from '@pulumi/pulumi/proto/provider_pb';
import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { type Cluster, connect, identityOf } from './cluster';
import { type Difference, differences, needsReplacement, sameName } from './differences';
import { completedInputs } from './inputs';
import { type Applied, createObject, readObject, removeObject, updateObject } from './objects';
import { fieldAt, hasUnknown, type Properties, revealedProperties, textAt } from './properties';
import { objectTypeOf } from './urn';
import { fromStruct, NotReadyError, toStruct, unary } from './wire';

/** What one object may take to become ready or to go, where the program says nothing. */
const TIMEOUT_SECONDS = 300;

/**
 * The provider protocol for the package `kubernetes`, as far as tests need it. One process serves one provider
 * resource: it is configured once and then applies to one cluster.
 */
export function providerService(version: string): UntypedServiceImplementation {
  let cluster: Cluster | undefined;
  const stopping = new AbortController();
  const configured = (): Cluster => {
    if (cluster === undefined) throw new Error('the provider is not configured');
    return cluster;
  };
  const deadline = (seconds: number): AbortSignal =>
    AbortSignal.any([stopping.signal, AbortSignal.timeout((seconds || TIMEOUT_SECONDS) * 1000)]);

  return {
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    getSchema: unary(() => new GetSchemaResponse().setSchema('{}')),
    attach: unary(() => new Empty()),
    cancel: unary(() => {
      stopping.abort();
      return new Empty();
    }),
    checkConfig: unary((request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: unary((request: DiffRequest) => diffConfiguration(request)),
    configure: unary((request: ConfigureRequest) => {
      cluster = connect(revealedProperties(fromStruct(request.getArgs())));
      return new ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    check: unary(async (request: CheckRequest) => {
      const before = request.hasOlds() ? revealedProperties(fromStruct(request.getOlds())) : undefined;
      const seed = request.getRandomseed_asU8();
      const news = fromStruct(request.getNews());
      return new CheckResponse().setInputs(
        toStruct(await completedInputs(configured(), request.getUrn(), before, news, seed)),
      );
    }),
    diff: unary((request: DiffRequest) => diffObject(request)),
    create: unary(async (request: CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const signal = deadline(request.getTimeout());
      const created = await createObject(configured(), inputs, request.getPreview(), signal);
      return new CreateResponse().setId(created.id).setProperties(outputsOf(created, inputs));
    }),
    read: unary(async (request: ReadRequest) => {
      const inputs = fromStruct(request.getInputs());
      const found = await readObject(configured(), request.getUrn(), request.getId(), inputs);
      const response = new ReadResponse();
      if (found === undefined) return response;
      return response.setId(found.id).setProperties(toStruct(found.outputs)).setInputs(toStruct(found.inputs));
    }),
    update: unary(async (request: UpdateRequest) => {
      const inputs = fromStruct(request.getNews());
      const signal = deadline(request.getTimeout());
      const updated = await updateObject(configured(), inputs, request.getPreview(), signal);
      return new UpdateResponse().setProperties(outputsOf(updated, inputs));
    }),
    delete: unary(async (request: DeleteRequest) => {
      await removeObject(configured(), request.getUrn(), request.getId(), deadline(request.getTimeout()));
      return new Empty();
    }),
  };
}

function outputsOf(applied: Applied, inputs: Properties) {
  if (applied.missing === undefined) return toStruct(applied.outputs);
  throw new NotReadyError(applied.id, applied.outputs, inputs, applied.missing);
}

function diffObject(request: DiffRequest): DiffResponse {
  const before = revealedProperties(fromStruct(request.getOldInputs()));
  const after = revealedProperties(fromStruct(request.getNews()));
  const { kind } = objectTypeOf(request.getUrn());
  const found = differences(before, after);
  const replacing = found.filter(({ path }) => needsReplacement(kind, path));
  return diffResponse(found, replacing).setDeletebeforereplace(replacing.length > 0 && sameName(before, after));
}

/**
 * A provider whose cluster changes is another one: everything in it moves. A name that the program gave the cluster
 * decides alone; without one, a kubeconfig that is not known yet may lead anywhere.
 */
function diffConfiguration(request: DiffRequest): DiffResponse {
  const before = revealedProperties(fromStruct(request.getOldInputs()));
  const after = revealedProperties(fromStruct(request.getNews()));
  const found = differences(before, after);
  const named = textAt(after, 'clusterIdentifier') ?? unknownValue;
  const unknown = named === unknownValue && IDENTIFYING.some((name) => hasUnknown(fieldAt(after, name)));
  const moves = unknown || identityOf(before) !== identityOf(after);
  return diffResponse(found, moves ? found : []);
}

const IDENTIFYING = ['kubeconfig', 'context', 'cluster', 'clusterIdentifier'];

function diffResponse(found: readonly Difference[], replacing: readonly Difference[]): DiffResponse {
  const response = new DiffResponse()
    .setChanges(found.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList([...new Set(found.map(({ path }) => topLevel(path)))])
    .setReplacesList([...new Set(replacing.map(({ path }) => topLevel(path)))])
    .setHasdetaileddiff(true);
  for (const difference of found) {
    const replaces = replacing.includes(difference);
    const detail = new PropertyDiff().setInputdiff(true).setKind(DETAIL[difference.kind][replaces ? 1 : 0]);
    response.getDetaileddiffMap().set(difference.path, detail);
  }
  return response;
}

const DETAIL = {
  add: [PropertyDiff.Kind.ADD, PropertyDiff.Kind.ADD_REPLACE],
  delete: [PropertyDiff.Kind.DELETE, PropertyDiff.Kind.DELETE_REPLACE],
  update: [PropertyDiff.Kind.UPDATE, PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

function topLevel(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}
