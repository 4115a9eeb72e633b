/** Where the queue is: `redis://[NAME:PASSWORD@]HOST[:PORT][/DB]`, or `rediss://` over TLS. */
import { LockstepError } from '../../foundation/errors.ts';

export interface QueueAddress {
  host: string;
  port: number;
  /** Number of the database. */
  db: number;
  username?: string;
  password?: string;
  tls: boolean;
  /** The address for people, without name and password. */
  shown: string;
}

const usualPort = 6379;
const mostDatabases = 1_000_000;

/**
 * Reads an address. No message shows the password.
 *
 * @param where what messages call it: the option, or the command
 * @param password of an address that names none
 * @throws LockstepError `usage` if it is none
 */
export function queueAddress(text: string, where: string, password?: string): QueueAddress {
  const wrong = (got: string, hint?: string) =>
    new LockstepError('usage', {
      where,
      expected: 'an address such as redis://host:6379, rediss://host or redis://:password@host/1',
      got,
      ...(hint ? { hint } : {}),
    });
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'redis' && scheme !== 'rediss') {
    throw wrong(scheme === undefined ? 'one without redis://' : `one with ${scheme}://`);
  }
  if (!URL.canParse(text)) {
    throw wrong('something else', 'a password with / ? # @ : or % needs these as %2F %3F %23 %40 %3A %25');
  }
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw wrong('one without a host');
  if (url.search !== '' || url.hash !== '') throw wrong('one with ? or #');
  const db = url.pathname.replace(/^\//, '');
  if (!/^\d{0,6}$/.test(db)) throw wrong('a database that is no number');
  if (Number(db) >= mostDatabases) throw wrong(`database ${db}`);
  const port = url.port === '' ? usualPort : Number(url.port);
  const username = plain(url.username, wrong);
  const secret = plain(url.password, wrong) || password || '';
  const around = host.includes(':') ? `[${host}]` : host;
  return {
    ...{ host, port, db: Number(db), tls: scheme === 'rediss' },
    ...(username === '' ? {} : { username }),
    ...(secret === '' ? {} : { password: secret }),
    shown: `${scheme}://${around}:${port}${Number(db) === 0 ? '' : `/${Number(db)}`}`,
  };
}

function plain(part: string, wrong: (got: string) => LockstepError): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong('a name or password with a % that begins nothing');
  }
}
