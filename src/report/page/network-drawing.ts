/**
 * The network as a drawing, from top to bottom: a box for each layer, and on the lines between them how many
 * numbers pass for each sample. A residual block parts into two lines, which a plus joins again.
 */
import type { KindConfig } from '../../contracts/fields.ts';
import { counted, grouped } from '../../foundation/format.ts';
import { widthOf } from '../../model/model-text.ts';
import { type NetworkPlan, pathsOf } from '../../model/network.ts';
import { type Content, html, type Markup } from './markup.ts';

/** Sizes, in pixels of the page. */
const [boxWidth, tall, low, gap, aside, radius] = [200, 44, 28, 30, 28, 9];
const centre = boxWidth / 2;

/** Something to draw, of which the main line enters at the top and leaves at the bottom, `centre` from x. */
interface Piece {
  width: number;
  height: number;
  /** Numbers that leave it. */
  outputs: number;
  /** It begins where the line parts, so no arrow ends there. */
  parts: boolean;
  at(x: number, y: number): Content;
}

/** @param ends what the inputs and the outputs are, for people */
export function networkDrawing(
  model: readonly KindConfig[],
  network: NetworkPlan,
  ends: { inputs: string; outputs: string },
): Markup {
  const body = listPiece(model, 'model', network);
  const [top, line] = [20, 8];
  const y = top + line + gap;
  const bottom = y + body.height + gap;
  const [width, height] = [body.width + 2, bottom + 24];
  return html`<svg class="network" width="${width}" height="${height}" viewBox="-1 0 ${width} ${height}"
role="img" aria-label="the layers of the network, one below the other">
${text(centre, top - 6, ends.inputs, 'end-of-line')}${arrow(top, y, centre, undefined, body.parts)}${body.at(0, y)}${arrow(
  y + body.height,
  bottom,
)}${text(centre, bottom + 16, ends.outputs, 'end-of-line')}</svg>`;
}

/** Layers one below the other. */
function listPiece(list: readonly KindConfig[], path: string, network: NetworkPlan): Piece {
  const pieces = list.map((config, i) => {
    const at = `${path}[${i}]`;
    const paths = pathsOf(config);
    return paths ? residualPiece(paths, at, network) : layerPiece(config, at, network);
  });
  const height = pieces.reduce((sum, piece) => sum + piece.height, 0) + gap * (pieces.length - 1);
  return {
    width: Math.max(...pieces.map((piece) => piece.width)),
    height,
    outputs: pieces.at(-1)!.outputs,
    parts: pieces[0]!.parts,
    at(x, y) {
      let top = y;
      return pieces.map((piece, i) => {
        const drawn = piece.at(x, top);
        const bottom = top + piece.height;
        top = bottom + gap;
        const next = pieces[i + 1];
        return [drawn, next && arrow(bottom, top, x + centre, grouped(piece.outputs), next.parts)];
      });
    },
  };
}

function layerPiece(config: KindConfig, path: string, network: NetworkPlan): Piece {
  const node = network.nodes.find((one) => one.path === path && one.role === 'layer')!;
  const count = node.parameters.reduce((sum, p) => sum + network.parameters[p]!.count, 0);
  const { outputs } = node.plan;
  const title = [config.kind, ...widthOf(config, node).map(grouped)].join(' ');
  const height = count > 0 ? tall : low;
  const note = `${counted(count, 'parameter')}${node.frozen ? ', frozen' : ''}`;
  return {
    width: boxWidth,
    height,
    outputs,
    parts: false,
    at: (x, y) => html`<rect class="${count > 0 ? 'learns' : ''}" x="${x}" y="${y}" width="${boxWidth}"
height="${height}" rx="6"/>
${text(x + centre, y + 19, title, 'name')}${count > 0 ? text(x + centre, y + 36, note, '') : undefined}`,
  };
}

function residualPiece(
  paths: { layers: readonly KindConfig[]; shortcut: readonly KindConfig[] },
  path: string,
  network: NetworkPlan,
): Piece {
  const layers = listPiece(paths.layers, `${path}.layers`, network);
  const shortcut =
    paths.shortcut.length > 0 ? listPiece(paths.shortcut, `${path}.shortcut`, network) : undefined;
  const inner = Math.max(layers.height, shortcut?.height ?? 0);
  const height = inner + 2 * gap + 2 * radius;
  return {
    width: layers.width + aside + (shortcut?.width ?? aside),
    height,
    outputs: layers.outputs,
    parts: true,
    at(x, y) {
      const main = x + centre;
      const left = x + layers.width + aside;
      const side = left + (shortcut ? centre : 0);
      const [begin, end] = [y + gap, y + gap + inner];
      const join = end + gap + radius;
      return [
        html`<circle class="fork" cx="${main}" cy="${y}" r="3"/>
`,
        arrow(y, begin, main, undefined, layers.parts),
        layers.at(x, begin),
        arrow(begin + layers.height, join - radius, main, grouped(layers.outputs)),
        line(`M${main} ${y}H${side}V${shortcut ? begin : join}`),
        shortcut
          ? [shortcut.at(left, begin), line(`M${side} ${begin + shortcut.height}V${join}`)]
          : text(side - 8, (begin + end) / 2, 'x', 'aside'),
        line(`M${side} ${join}H${main + radius}`),
        html`<circle cx="${main}" cy="${join}" r="${radius}"/>
<path d="M${main - 5} ${join}h10M${main} ${join - 5}v10"/>
`,
      ];
    },
  };
}

function text(x: number, y: number, content: string, kind: string): Markup {
  return html`<text class="${kind}" x="${x}" y="${y}">${content}</text>
`;
}

const line = (path: string) => html`<path d="${path}"/>
`;

/** Downwards, with a number beside it, and with a head unless it is `plain`. */
function arrow(from: number, to: number, x: number = centre, label?: string, plain = false): Markup {
  const head = html`<path class="head" d="M${x - 4} ${to - 7}h8l-4 7z"/>`;
  return html`${line(`M${x} ${from}V${plain ? to : to - 4}`)}${plain ? undefined : head}
${label === undefined ? undefined : text(x + 8, (from + to) / 2 + 4, label, 'width')}`;
}
