// Viewers that read slowly: nothing is queued for them, and they miss nothing.
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { eventText, type Rendering } from '#lockstep/live/rendering.js';
import { viewers } from '#lockstep/live/viewers.js';

/** A connection whose other end reads when it is told to. */
class Connection extends EventEmitter {
  sent = '';
  writableLength = 0;
  destroyed = false;
  write(text: string) {
    this.sent += text;
    this.writableLength += text.length;
  }
  read(): string {
    const { sent } = this;
    this.sent = '';
    this.writableLength = 0;
    return sent;
  }
  destroy() {
    this.destroyed = true;
    this.emit('close');
  }
}

const piece = (content: string) => ({
  content,
  event: eventText('part', JSON.stringify({ html: content })),
});

const rendering = (id: number, size = 100_000): Rendering => ({
  id: String(id),
  page: { parts: {}, charts: [] },
  news: new Map([
    ['same', piece('always')],
    ['body', piece(`${id} ${'x'.repeat(size)}`)],
  ]),
});

function watched(patience: number) {
  const all = viewers({ patience });
  const connection = new Connection();
  all.add(connection as unknown as ServerResponse, rendering(0), null, {});
  return { all, connection };
}

test('one that does not read is sent no more, and then what is new by then', () => {
  const { all, connection } = watched(60_000);
  const first = connection.sent.length;
  for (let id = 1; id < 100; id++) {
    all.show(rendering(id));
    all.tell('figures', { id });
  }
  expect(connection.sent.length).toBe(first);
  connection.read();
  all.show(rendering(100));
  const news = connection.read();
  expect(news).toContain('"html":"100 xxx');
  expect(news.match(/^event: part$/gm)).toHaveLength(1);
  all.show(rendering(100));
  expect(connection.read()).toBe('');
});

test('one that has read nothing for too long is let go', () => {
  const { all, connection } = watched(-1);
  expect(all.count).toBe(1);
  all.show(rendering(1));
  expect([connection.destroyed, all.count]).toEqual([true, 0]);
});

test('one that keeps up stays, whatever the patience', () => {
  const { all, connection } = watched(-1);
  for (let id = 1; id < 10; id++) {
    connection.read();
    all.show(rendering(id));
  }
  expect([connection.destroyed, all.count]).toEqual([false, 1]);
});
