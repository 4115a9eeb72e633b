/** The program of the page: it sends the picture or the rows, and shows the answer as text. */
export const pageScript = `'use strict';
const [file, rows, send, result] = ['file', 'rows', 'send', 'result'].map((id) => document.getElementById(id));
const visible = (text) =>
  text.replace(/[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]/g,
    (character) => '\\\\u' + character.charCodeAt(0).toString(16).padStart(4, '0'));
async function ask(type, body) {
  result.textContent = '...';
  try {
    const response = await fetch('/predict', { method: 'POST', headers: { 'content-type': type }, body });
    result.textContent = visible(JSON.stringify(await response.json(), null, 2));
  } catch (error) {
    result.textContent = visible(String(error));
  }
}
send.addEventListener('click', () => ask('application/json', rows.value));
file?.addEventListener('change', () => {
  const picture = file.files[0];
  if (picture) ask(picture.type === 'image/png' ? 'image/png' : 'image/jpeg', picture);
});
`;
