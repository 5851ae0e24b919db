import * as z from 'zod';
import { type IssueParams, text } from './fields';
import { isMarker } from './markers';
import { RULES } from './rules';

/** Leads to a Service of the host, whatever its type: the answers are those of the host's own DNS. */
export interface HostServiceTarget<Text = string> {
  readonly kind: 'hostService';
  /** Namespace of the Service on the host. */
  readonly namespace: Text;
  /** Name of the Service. */
  readonly name: Text;
}

/** Leads to another name, of the virtual cluster or outside. */
export interface NameTarget<Text = string> {
  readonly kind: 'name';
  /** Full name, without a dot at its end. It may not be a mapped name itself. */
  readonly name: Text;
}

/** Leads to addresses. */
export interface AddressesTarget<Text = string> {
  readonly kind: 'addresses';
  /** IPv4 and IPv6 addresses, at least one. */
  readonly addresses: readonly Text[];
}

/** One name that leads elsewhere than by itself. */
export interface MappedName<Text = string> {
  /** Full name without a dot at its end: `db.example.com`, `db.default.svc.cluster.local`. */
  readonly name: Text;
  /** Where it leads, told apart by `kind`. */
  readonly to: HostServiceTarget<Text> | NameTarget<Text> | AddressesTarget<Text>;
}

const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hostService'), namespace: text(RULES.label), name: text(RULES.label) }).readonly(),
  z.strictObject({ kind: z.literal('name'), name: text(RULES.domain) }).readonly(),
  z.strictObject({ kind: z.literal('addresses'), addresses: addressList() }).readonly(),
]);

/** The schema of a list of {@link MappedName}: each name once, and none that leads to another of them. */
export const mappedNamesSchema = z
  .array(z.strictObject({ name: text(RULES.domain), to: targetSchema }).readonly())
  .superRefine((names, context) => {
    const mapped = names.map(({ name }) => name);
    names.forEach(({ name, to }, index) => {
      if (!isMarker(name) && mapped.indexOf(name) < index) {
        context.addIssue({ code: 'custom', path: [index, 'name'], input: name, message: 'is mapped twice' });
      }
      if (to.kind === 'name' && mapped.includes(to.name)) {
        const params: IssueParams = { allowed: 'a name that is not mapped itself' };
        const path = [index, 'to', 'name'];
        context.addIssue({ code: 'custom', path, input: to.name, message: 'is a mapped name', params });
      }
    });
  })
  .readonly();

function addressList() {
  return z
    .array(text(RULES.ipAddress))
    .superRefine((addresses, context) => {
      if (addresses.length > 0) return;
      const params: IssueParams = { allowed: 'one or more addresses' };
      context.addIssue({ code: 'custom', input: addresses, message: 'is empty', params });
    })
    .readonly();
}
