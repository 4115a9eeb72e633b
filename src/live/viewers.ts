/**
 * Those who watch, each at the end of an event stream. Nothing is queued for one that reads slowly: it gets
 * what is new by the time it has read the rest, and one that reads nothing for long is let go. So the memory
 * that a viewer takes is bounded, whatever it does.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import type { ServerResponse } from 'node:http';
import { eventText, type Piece, type Rendering } from './rendering.ts';

export interface Viewers {
  readonly count: number;
  /**
   * Begins a stream, with what its page lacks.
   *
   * @param has the id of the rendering that it has
   */
  add(response: ServerResponse, now: Rendering, has: string | null, hello: object): void;
  /** Sends what each does not have yet. */
  show(rendering: Rendering): void;
  /** Sends a small event to all that keep up. */
  tell(event: string, data: unknown): void;
  /** Ends all streams, with a last event. */
  end(data: unknown): void;
}

/** Bytes that may wait for a viewer when it is sent more. */
const mostWaiting = 65_536;

interface Viewer {
  response: ServerResponse;
  /** By the name of a piece, what was sent of it last. */
  has: Map<string, Piece>;
  /** Since when it has not read what it was sent; undefined if it has. */
  behind: number | undefined;
}

/** @param patience milliseconds that a viewer may read nothing */
export function viewers({ patience }: { patience: number }): Viewers {
  const all = new Set<Viewer>();

  /** Whether it can be sent something. One that has read nothing for too long is let go. */
  const isReady = (viewer: Viewer): boolean => {
    const { response } = viewer;
    if (response.writableLength <= mostWaiting) {
      viewer.behind = undefined;
      return !response.destroyed;
    }
    viewer.behind ??= performance.now();
    if (performance.now() - viewer.behind > patience) response.destroy();
    return false;
  };

  /** The events that bring a viewer's page up to date. */
  const newsFor = (viewer: Viewer, { news }: Rendering): string => {
    const events: string[] = [];
    for (const [name, piece] of news) {
      if (viewer.has.get(name)?.content === piece.content) continue;
      viewer.has.set(name, piece);
      events.push(piece.event);
    }
    return events.join('');
  };

  return {
    get count() {
      return all.size;
    },
    add(response, now, has, hello) {
      const current = now.id === has;
      const viewer: Viewer = {
        response,
        has: new Map(current ? now.news : []),
        behind: undefined,
      };
      all.add(viewer);
      response.once('close', () => all.delete(viewer));
      response.write(`retry: 1000\n${eventText('hello', JSON.stringify(hello))}${newsFor(viewer, now)}`);
    },
    show(rendering) {
      for (const viewer of all) {
        if (!isReady(viewer)) continue;
        const news = newsFor(viewer, rendering);
        if (news !== '') viewer.response.write(news);
      }
    },
    tell(event, data) {
      const told = eventText(event, JSON.stringify(data));
      for (const viewer of all) if (isReady(viewer)) viewer.response.write(told);
    },
    end(data) {
      for (const { response } of all) response.end(eventText('end', JSON.stringify(data)));
    },
  };
}
