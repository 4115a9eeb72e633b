/**
 * Who may knock. Any website can send a request to an address of this machine, and by DNS rebinding even read
 * the answer: it lets its own name point here. The browser then still says whose page asks (`Origin`) and
 * which name it called (`Host`). So `Host` must be a name of this server, and `Origin` absent or the same.
 */
import { isIP } from 'node:net';
import type { Complaint } from '../foundation/errors.ts';

export interface Door {
  /** Names and addresses that are called with our own port, in lower case; of IPv6 in brackets. */
  own: ReadonlySet<string>;
  port: number;
  /**
   * The server listens on all addresses of the machine. Then every address is taken, with any port, because
   * ports may be mapped; an address, unlike a name, cannot be made to point here by a stranger.
   */
  everywhere: boolean;
  /** What `--allow-host` names: `name`, called with any port, or `name:port`. */
  allowed: ReadonlySet<string>;
  /** What can be done about a name that is refused. */
  hint: string | undefined;
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];
const allAddresses = ['0.0.0.0', '::', '[::]', ''];

/** The door of a server that was told to listen on `host`, and listens on `address` and `port`. */
export function doorOf(given: {
  host: string;
  address: string;
  port: number;
  /** The name of this machine. */
  machine: string;
  allowed?: readonly string[];
  hint?: string;
}): Door {
  const { host, address, port, machine, allowed = [], hint } = given;
  const everywhere = allAddresses.includes(host);
  const names = [host, address, ...(everywhere ? [machine] : [])].map(bracketed);
  return {
    own: new Set([...loopback, ...names].map((name) => name.toLowerCase())),
    port,
    everywhere,
    allowed: new Set(allowed.map((name) => name.toLowerCase())),
    hint,
  };
}

/** An address as it stands in a URL. */
export const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/** Why a request with these headers is not let in; undefined if it is. */
export function whyRefused(
  { host, origin }: { host?: string | undefined; origin?: string | undefined },
  door: Door,
): Complaint | undefined {
  const called = callOf(host);
  if (!called || !isOwn(called, door)) {
    return {
      where: 'header Host',
      expected: `a name of this server, such as localhost:${door.port}`,
      got: host ?? 'none',
      ...(door.hint === undefined ? {} : { hint: door.hint }),
    };
  }
  if (origin === undefined || isSame(origin, host!)) return undefined;
  return {
    where: 'header Origin',
    expected: 'none, or that of this server',
    got: origin,
    hint: 'pages of other websites are not answered; a program can ask for them',
  };
}

interface Call {
  name: string;
  port: number;
}

/** A header `Host` taken apart; undefined if it is none. */
function callOf(host: string | undefined): Call | undefined {
  const [, name, port = '80'] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(host ?? '') ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase().replace(/\.$/, ''), port: Number(port) };
}

function isOwn({ name, port }: Call, { own, port: ours, everywhere, allowed }: Door): boolean {
  if (own.has(name) && port === ours) return true;
  if (allowed.has(name) || allowed.has(`${name}:${port}`)) return true;
  return everywhere && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/** Whether the page that asks came from this server, by http or by https of a proxy before it. */
function isSame(origin: string, host: string): boolean {
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  const own = `${page.protocol}//${host}`;
  return URL.canParse(own) && page.host === new URL(own).host;
}
