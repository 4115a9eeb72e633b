/**
 * The program in a live page: takes what is new from the server, asks it to stop, and becomes the finished
 * report at the end. If the server goes away, the page keeps what it shows, and says so.
 */
import type { Chart } from './chart.ts';
import { startCharts } from './charts.ts';
import { replaceParts } from './replace-parts.ts';

interface LiveFigures {
  texts: Readonly<Record<string, string>>;
  shares: Readonly<Record<string, number | null>>;
  stoppable: boolean;
}

const json = (id: string) => JSON.parse(document.getElementById(id)!.textContent!);
const behind: { session: string; rendering: string; figures: LiveFigures } = json('live');
const charts = startCharts(json('charts') as Chart[]);

/** What stands behind the # of the address. */
const token = new URLSearchParams(location.hash.slice(1)).get('token');

let { figures } = behind;
let events: EventSource;
let asked = false;

/** Puts the figures into the elements that have their names. */
function fill(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const text = figures.texts[element.dataset.text!] ?? '';
    if (element.textContent !== text) element.textContent = text;
  }
  for (const element of document.querySelectorAll<HTMLProgressElement>('[data-share]')) {
    const share = figures.shares[element.dataset.share!];
    if (share === null || share === undefined) element.removeAttribute('value');
    else element.value = Math.min(1, Math.max(0, share));
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-stop]')) {
    button.hidden = token === null;
    button.disabled = asked || !figures.stoppable;
  }
}

function say(trouble: string): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-trouble]')) {
    element.textContent = trouble;
    element.hidden = trouble === '';
  }
}

function clock(): string {
  return new Date().toLocaleTimeString();
}

async function stop(): Promise<void> {
  asked = true;
  fill();
  try {
    const response = await fetch('/stop', { method: 'POST', headers: { 'x-lockstep-token': token! } });
    if (response.ok) return;
    const { where, expected, got, hint } = (await response.json()).error;
    say(`${where}: expected ${expected}, got ${got}${hint ? `; ${hint}` : ''}`);
  } catch {
    say(`The stop did not get through at ${clock()}.`);
  }
  asked = false;
  fill();
}

/** The page becomes the report, whose own program then runs. Nothing of this page is left. */
async function become(report: boolean): Promise<void> {
  events.close();
  if (!report) {
    say(`It ended at ${clock()}, and no report was written. What is shown is the last that came.`);
    return;
  }
  try {
    const text = await (await fetch('/report')).text();
    document.open();
    document.write(text);
    document.close();
    scrollTo(0, 0);
  } catch {
    say(`It ended at ${clock()}; the report is in its folder. What is shown is the last that came.`);
  }
}

function listen(): void {
  events = new EventSource(`/events?page=${encodeURIComponent(behind.rendering)}`);
  const on = (event: string, take: (data: never) => void) =>
    events.addEventListener(event, ({ data }) => take(JSON.parse(data) as never));
  on('hello', ({ session }: { session: string }) => {
    // Another training has taken the address: its page is another.
    if (session !== behind.session) location.reload();
    say('');
  });
  on('part', (part: { name: string; html: string }) => {
    replaceParts([part]);
    fill();
  });
  on('charts', (news: Chart[]) => charts.update(news));
  on('figures', (news: LiveFigures) => {
    figures = news;
    fill();
  });
  on('end', ({ report }: { report: boolean }) => void become(report));
  events.addEventListener('error', () => {
    say(
      `Nothing comes any more since ${clock()}. What is shown is the last that came; this page tries again.`,
    );
    // Refused, which browsers do not try again.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('[data-stop]')) void stop();
});
// What is read stays where it is by our own doing (replace-parts.ts).
document.documentElement.style.overflowAnchor = 'none';
fill();
listen();
