import { type ApiObject, Lazy, resolve } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import type { Filler } from '../manifests/fill';
import { SpecError } from '../spec';
import { type MarkerTable, markerTable } from '../spec/marker-table';

/**
 * A text of a declaration: a string, a `Lazy` (which passes for one), or an object that is meant by its name, such as
 * those of cdk8s-plus of any version, and `ApiObject`s.
 */
export type Text = string | NamedConstruct;

/** A construct that stands for the Kubernetes object of this name. */
export interface NamedConstruct extends IConstruct {
  /** Name of the object. */
  readonly name: string;
}

/**
 * A table for what cdk8s resolves at synthesis: `Lazy`, and any object that a resolver of the app knows. What is meant
 * by its name counts as that.
 */
export function lazyTable(subject: string): MarkerTable<object> {
  const isLeaf = (value: unknown, path: string): value is object => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isPlain(value)) return false;
    if (isPulumiOutput(value) || value instanceof Promise) throw refusal(subject, path);
    return true;
  };
  return markerTable(isLeaf, nameOf);
}

/** The name of what is meant by it; anything else as it is. */
function nameOf(value: unknown): unknown {
  return Construct.isConstruct(value) && 'name' in value ? value.name : value;
}

/**
 * Puts lazy values back. Where one stands alone cdk8s resolves it as usual; where it is part of a text, that text
 * becomes lazy.
 * @param owner any object of the app whose resolvers apply, asked for at synthesis
 */
export function lazyFiller(table: MarkerTable<object>, owner: () => ApiObject): Filler {
  const resolved = (value: unknown): unknown => resolve([], value, owner());
  return {
    leaf: (index) => table.leafAt(index),
    concat: (parts) => Lazy.any({ produce: () => parts.map((part) => String(resolved(part))).join('') }),
    json: (value) => Lazy.any({ produce: () => JSON.stringify(resolved(value)) }),
  };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isPulumiOutput(value: object): boolean {
  return '__pulumiOutput' in value && value.__pulumiOutput === true;
}

function refusal(subject: string, path: string): SpecError {
  const issue = {
    path,
    value: undefined,
    message: 'is an output of Pulumi or a promise, which cdk8s cannot wait for',
    hint: "in a Pulumi program import VirtualCluster from 'sublet/pulumi'",
  };
  return new SpecError([issue], subject);
}
