// Measures `human` (the npm package @vladmandic/human) on TensorFlow.js's WebAssembly backend, which needs no download.
//
// Its settings are the default ones, except that everything which gives no emotion is switched off: iris, description,
// body, hands and gestures. `human` decides by the time whether it may keep a result, so its clock is the clip's time.
// Photographs are each analysed afresh. It is called like worker.py's workers, from the folder of its environment:
// node human_peer.cjs FOLDER RUNS
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const MODULES = path.join(process.cwd(), 'node_modules');
const HUMAN = path.join(MODULES, '@vladmandic', 'human');
const WASM = path.join(MODULES, '@tensorflow', 'tfjs-backend-wasm', 'wasm-out') + path.sep;
const SETTINGS = {
  backend: 'wasm',
  wasmPath: WASM,
  modelBasePath: 'http://models/', // read by our fetch below
  face: { iris: { enabled: false }, description: { enabled: false } },
  body: { enabled: false },
  hand: { enabled: false },
  gesture: { enabled: false },
};
const BETWEEN_RUNS_MS = 60000; // long enough that nothing is kept from one run to the next

let nowMs = 0;
Object.defineProperty(globalThis, 'performance', { value: { now: () => nowMs } });
globalThis.fetch = async (url) => new Response(fs.readFileSync(path.join(HUMAN, 'models', path.basename(String(url)))));

// Returns the pictures that were written under this name, as RGB, with their times in milliseconds.
function readPictures(folder, name) {
  const { shapes, times_s: times } = JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8'));
  const bytes = fs.readFileSync(path.join(folder, `${name}.bin`));
  let start = 0;
  return shapes.map(([height, width], index) => {
    const values = bytes.subarray(start, (start += height * width * 3));
    for (let at = 0; at < values.length; at += 3) [values[at], values[at + 2]] = [values[at + 2], values[at]];
    return { values, shape: [1, height, width, 3], timeMs: 1000 * times[index] };
  });
}

// Returns the emotion of the largest face, or null where there is no face.
async function named(human, picture, settings) {
  const tensor = human.tf.tensor4d(picture.values, picture.shape, 'float32');
  const result = await human.detect(tensor, settings);
  human.tf.dispose(tensor);
  if (result.error) throw new Error(result.error);
  const faces = result.face.sort((one, other) => other.box[2] * other.box[3] - one.box[2] * one.box[3]);
  return faces.length ? (faces[0].emotion?.[0]?.emotion ?? 'unsure') : null;
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function measured(folder, runs) {
  const { Human } = require(path.join(HUMAN, 'dist', 'human.node-wasm.js'));
  const human = new Human(SETTINGS);
  await human.load();
  const clip = readPictures(folder, 'clip');
  const taken = [];
  let found = 0;
  for (let run = 0; run <= runs; run += 1) {
    const beginMs = nowMs + BETWEEN_RUNS_MS;
    const started = process.cpuUsage();
    found = 0;
    for (const frame of clip) {
      nowMs = beginMs + frame.timeMs;
      if ((await named(human, frame)) !== null) found += 1;
    }
    const { user, system } = process.cpuUsage(started);
    if (run) taken.push((user + system) / 1000 / clip.length);
  }
  const names = [];
  const photographs = readPictures(folder, 'photographs');
  const started = process.cpuUsage();
  for (const picture of photographs) {
    names.push(await named(human, picture, { cacheSensitivity: 0 }));
  }
  const { user, system } = process.cpuUsage(started);
  return {
    cpu_ms_per_frame: median(taken),
    frames_with_face: found,
    named: names,
    cpu_ms_per_photograph: photographs.length ? (user + system) / 1000 / photographs.length : null,
  };
}

const [folder, runs] = [process.argv[2], Number(process.argv[3])];
measured(folder, runs)
  .catch((error) => ({ error: String(error) }))
  .then((result) => fs.writeFileSync(path.join(folder, 'result.json'), JSON.stringify(result)));
