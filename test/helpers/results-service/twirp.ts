/** What the two Twirp services share: fields of a message, and refusals in Twirp's form. */

/** A refusal: Twirp's code, the status that goes with it, and the text that clients print. */
export class TwirpError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A message as it came: protobuf's JSON with the field names of the .proto file. */
export type Message = Readonly<Record<string, unknown>>;

/** Parses a body and refuses fields that the service's .proto does not have, as a strict server does. */
export function parseMessage(body: Buffer, fields: readonly string[]): Message {
  const parsed: unknown = JSON.parse(body.toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new TwirpError(400, 'malformed', 'the json request could not be decoded');
  }
  const unknown = Object.keys(parsed).find((name) => !fields.includes(name));
  if (unknown !== undefined) {
    throw new TwirpError(400, 'malformed', `the json request has an unknown field "${unknown}"`);
  }
  return parsed as Message;
}

/** A string field; protobuf leaves out empty ones. A wrapped string (StringValue) is a plain string in JSON. */
export function text(message: Message, field: string): string {
  const value = message[field];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new TwirpError(400, 'malformed', `"${field}" is not a string`);
}
