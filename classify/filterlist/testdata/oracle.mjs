// Reads requests, one JSON object a line, from stdin and writes what the reference engine says of each, one a line.
// usage: node oracle.mjs MODULE LIST...
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const [module, ...lists] = process.argv.slice(2);
const { FiltersEngine, Request } = createRequire(module + '/')('@ghostery/adblocker');
const engine = FiltersEngine.parse(lists.map((f) => readFileSync(f, 'utf8')).join('\n'), {
  loadCosmeticFilters: false,
  enableOptimizations: false, // they merge rules before $badfilter is looked up
  loadPreprocessors: true,
  debug: true,
});
engine.updateEnv(new Map(['ext_ublock', 'env_chromium', 'cap_user_stylesheet'].map((word) => [word, true])));
const types = { frame: 'sub_frame', worker: 'script' };
const out = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { url, page, type } = JSON.parse(line);
  const got = engine.match(Request.fromRawDetails({ url, sourceUrl: page, type: types[type] ?? type }));
  const rule = (f) => (f === undefined ? '' : f.rawLine ?? String(f));
  out.push(JSON.stringify({ blocked: got.match, rule: rule(got.filter), exception: rule(got.exception) }));
}
process.stdout.write(out.join('\n') + '\n');
