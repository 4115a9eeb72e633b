// Requests, by node:http, whose headers can be anything.
import { request as httpRequest } from 'node:http';

/** Status and text of the answer; status 0 if the connection broke. */
export function ask(url, { body, ...options } = {}) {
  return new Promise((resolve) => {
    const request = httpRequest(url, options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      const done = () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() });
      response.on('end', done).on('error', done);
    });
    request.on('error', () => resolve({ status: 0, text: '' }));
    request.end(body);
  });
}

export const post = (url, type, body, { headers = {}, ...options } = {}) =>
  ask(`${url}/predict`, { method: 'POST', body, ...options, headers: { 'content-type': type, ...headers } });
