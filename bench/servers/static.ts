/** A static file server: sirv, which serves this product's own files as well. Argument: the directory. */
import { createServer } from 'node:http';
import sirv from 'sirv';
import { announce, endOnTerm } from './announce.ts';

const files = sirv(process.argv[2] ?? '.', { etag: true, extensions: ['html'] });
const http = createServer((request, response) => {
  files(request, response, () => {
    response.writeHead(404).end();
  });
});
http.listen(0, '127.0.0.1', () => announce(http.address()));
endOnTerm();
