// The markup of docs/playground.html.
import { html, raw } from '../dist/src/report/page/markup.js';

/** What optimizers are called, where it is not their kind. */
const called = { momentum: 'sgd, momentum 0.9' };

const options = (values) =>
  values.map((value) => html`<option value="${value}">${called[value] ?? value}</option>`);

/**
 * The whole page.
 *
 * @param parts the texts that it contains: policy, sources, style, kernels, digits, program
 * @param offered what src/playground/choice.ts offers
 */
export function playgroundPage(parts, { activations, normalisations, optimizers, schedules }) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${parts.policy}">
<meta name="playground-sources" content="${parts.sources}">
<title>Lockstep: playground</title>
<style>${raw(parts.style)}</style>
</head>
<body>
<main>
<header>
<h1>Playground</h1>
<p class="lead">A network learns in this page, step by step, forward and back. Its weights are those that the
command line gives, bit for bit: below is their digest, and the command.</p>
</header>
<noscript><p class="warning">The playground needs JavaScript: the network learns in this page.</p></noscript>
<p class="warning" id="trouble" role="alert" hidden></p>

<fieldset class="sources">
<legend>Data</legend>
<label><input type="radio" name="source" value="two-moons" checked> two moons</label>
<label><input type="radio" name="source" value="spirals"> two spirals</label>
<label><input type="radio" name="source" value="mnist-2000"> digits</label>
</fieldset>

<section class="player" aria-label="Training">
<div class="buttons">
<button type="button" disabled id="play" class="main">Play</button>
<button type="button" disabled id="back">‹ Step back</button>
<button type="button" disabled id="step">Step ›</button>
<button type="button" disabled id="epoch">Epoch »</button>
<button type="button" disabled id="reset">To the start</button>
<label>speed <select id="speed">
<option value="1">1 step a second</option>
<option value="5">5 steps a second</option>
<option value="20">20 steps a second</option>
<option value="50" selected>50 steps a second</option>
<option value="200">200 steps a second</option>
<option value="1000000">as fast as it can</option>
</select></label>
</div>
<input type="range" disabled id="time" min="0" value="0" aria-label="step of the training">
<dl class="now">
<div><dt>step</dt><dd id="now-step"></dd></div>
<div><dt>epoch</dt><dd id="now-epoch"></dd></div>
<div><dt>loss in this epoch</dt><dd id="now-loss"></dd></div>
<div><dt>validation accuracy</dt><dd id="now-accuracy"></dd></div>
<div><dt>steps a second</dt><dd id="now-speed"></dd></div>
</dl>
</section>

<div class="board">
<form id="choices" aria-label="Network and training">
<fieldset>
<legend>Network</legend>
<label>hidden layers<select name="layers">${options([0, 1, 2, 3, 4])}</select></label>
<div id="units"></div>
<p class="note" id="no-units" hidden>Without hidden layers it can only draw straight lines.</p>
<label>activation<select name="activation">${options(activations)}</select></label>
<label>normalisation<select name="normalisation">${options(normalisations)}</select></label>
<label>dropout<select name="dropout">${options([0, 0.1, 0.2, 0.5])}</select></label>
</fieldset>
<fieldset>
<legend>Learning</legend>
<label>optimizer<select name="optimizer">${options(optimizers)}</select></label>
<label>learning rate<select name="learningRate">${options([0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.3, 1, 3])}</select></label>
<label>schedule<select name="schedule">${options(schedules)}</select></label>
<label>batch size<select name="batchSize">${options([1, 4, 8, 16, 32, 64, 128])}</select></label>
<label>epochs<input type="number" name="epochs" min="1" max="1000" required></label>
<label>seed<input type="number" name="seed" min="0" max="999999" required></label>
<label id="noise-field">noise of the points<select name="noise">${options([0, 0.03, 0.1, 0.2, 0.3])}</select></label>
</fieldset>
</form>

<section class="middle" aria-label="The network">
<h2>The network</h2>
<div id="network"></div>
<p class="note" id="network-note"></p>
</section>

<section class="outcome" aria-label="What it says">
<h2 id="outcome-title">What it says</h2>
<canvas id="plane" width="760" height="760" role="img"></canvas>
<div id="gallery"></div>
<p class="note" id="outcome-note"></p>
</section>
</div>

<section>
<h2>Learning curves</h2>
<p class="note" id="no-curves">The first figures are taken at the end of the first epoch.</p>
<div class="charts" id="curves" hidden>
<figure class="chart" data-chart="Loss"><figcaption><b>Loss</b></figcaption><div class="plot"></div></figure>
<figure class="chart" data-chart="Accuracy"><figcaption><b>Accuracy</b></figcaption><div class="plot"></div></figure>
</div>
</section>

<section>
<h2>The same bits on the command line</h2>
<p>The weights <span id="digest-when"></span> have this SHA-256 digest:</p>
<pre><code id="digest"></code></pre>
<p id="command-note"></p>
<div class="command"><pre><code id="command"></code></pre><button type="button" id="copy">Copy</button></div>
<p class="note">It runs in a folder where Lockstep is installed, or in a checkout, and prints the digest as
<code>weights sha256 …</code> at its end. <a id="link" href="#">This link</a> leads to this page with these
choices.</p>
</section>

<section id="sample-section">
<h2>One sample, one step</h2>
<form id="sample-form" class="sample-form">
<label>sample <input type="number" id="sample-number" min="1" value="1" required></label>
<button type="submit" disabled id="show-sample">Show its numbers</button>
</form>
<div id="sample"></div>
</section>

</main>
<script type="application/octet-stream" id="kernels">${raw(parts.kernels)}</script>
<script type="application/octet-stream" id="digits">${raw(parts.digits)}</script>
<script type="module">${raw(parts.program)}</script>
</body>
</html>
`.text;
}
