import { type ResourceRecord, TYPE } from '../../../syncer/dns/wire/message';

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, type]) => [type, name]));

/** A record as one would write it in a zone file, without class and TTL. */
export function shown({ name, type, data }: ResourceRecord): string {
  return `${name} ${NAMES.get(type) ?? type} ${contentOf(data, type)}`;
}

function contentOf(data: ResourceRecord['data'], type: number): string {
  switch (data.kind) {
    case 'name':
      return data.name;
    case 'mx':
      return `${data.preference} ${data.name}`;
    case 'srv':
      return `${data.priority} ${data.weight} ${data.port} ${data.name}`;
    case 'soa':
      return `${data.primary} ${data.mailbox} ${data.minimum}`;
    case 'raw':
      if (type === TYPE.A) return data.bytes.join('.');
      if (type === TYPE.AAAA)
        return Buffer.from(data.bytes)
          .toString('hex')
          .replace(/(....)(?!$)/g, '$1:');
      return JSON.stringify(Buffer.from(data.bytes).toString('latin1'));
  }
}
