// Joins the map to Streamlit's components: parts come in components of their own, so that a recolour sends no places again.
const base = new URL(".", import.meta.url);
const { searchParams } = new URL(import.meta.url);
const version = `?v=${searchParams.get("v")}`;
const CORE = [
  "numbers.js", "pack.js", "plotly.js", "labels.js", "names.js", "figure.js", "sample.js", "outlines.js", "fly.js", "turn.js",
  "pick.js", "press.js", "legend.js", "tip.js", "texts.js", "hits.js", "keys.js", "map.js", "brush.js",
];
const PARTS = ["told", "points", "paint", "more", "density", "periods", "outlines", "hits"];
const MAX_LISTED = 4000;
const MAX_CLICKED = 50;
const SENT_KEPT = 50;
const MAX_TRIES = 2;

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(script);
  });
}

// The styles are a file like the scripts: as a part of the component they would travel with every look.
function style(url) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: url, onload: resolve });
    link.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(link);
  });
}

// Once a page, however many maps there are.
globalThis.reviewscapeReady ??= {};
const ready = globalThis.reviewscapeReady;

function core() {
  const at = (name) => new URL(name + version, base).href;
  ready.core ??= Promise.all([style(at("map.css")), ...CORE.map((name) => load(at(name)))]);
  return ready.core;
}

// By far the largest file: it is on its way before anything is there to draw.
function plotly() {
  ready.plotly ??= load(new URL(`../${searchParams.get("plotly")}`, base).href);
  return ready.plotly;
}
plotly().catch(() => {});

/** The component that only carries a part. */
export async function part({ data, parentElement }) {
  await core();
  globalThis.reviewscape.parts.put(globalThis.reviewscape.unpack(data), parentElement);
}

/** The component that fetches texts: it asks in a fragment of its own, so that the page does not run again. */
export async function texts({ data, setTriggerValue }) {
  await core();
  const { meta } = globalThis.reviewscape.unpack(data);
  const found = globalThis.reviewscape.textsOf(meta.digest);
  found.put(meta.at, meta.texts);
  return found.join((at) => setTriggerValue("asked", { at }));
}

/** The component that shows a map; its data is a look. */
export function map(component) {
  const { parentElement } = component;
  // Looks are taken in the order they came, also while files are still loading. Streamlit is not kept waiting: it drops
  // what comes while a call is under way.
  parentElement.reviewscapeOvertake?.();
  const overtaken = new Promise((resolve) => { parentElement.reviewscapeOvertake = resolve; });
  parentElement.reviewscapeQueue = (parentElement.reviewscapeQueue ?? Promise.resolve())
    .then(() => show(component, overtaken))
    .catch((error) => {
      console.error(error);
      parentElement.reviewscapeMap?.view?.fail();
    });
  return () => setTimeout(() => leave(parentElement));
}

// Streamlit says goodbye also to a call that a newer one has overtaken: the map stays while its place does.
function leave(parentElement) {
  if (parentElement.isConnected) return;
  const { brush, view } = parentElement.reviewscapeMap ?? {};
  brush?.stop();
  view?.destroy();
  delete parentElement.reviewscapeMap;
}

async function show({ data, parentElement, setTriggerValue }, overtaken) {
  await core();
  const rs = globalThis.reviewscape;
  const { meta, arrays } = rs.unpack(data);
  const host = (parentElement.reviewscapeMap ??= { seq: meta.seq, sent: [], camera: undefined });
  host.send = setTriggerValue;
  const parts = await partsOf(rs, meta, overtaken);
  if (!parts) return;
  const { words, labels, themes } = parts.told.meta;
  if (!host.view) {
    const root = rs.element("div");
    parentElement.append(root);
    host.view = new rs.MapView(root, {
      words, compact: meta.compact, searchBox: meta.search_box, undoes: meta.undoes,
      onEvent: (event) => tell(rs, host, event),
    });
    host.root = root;
  }
  host.root.style.height = `${meta.height}px`;
  host.view.words = words;
  await plotly();
  const points = pointsOf(rs, parts);
  const active = activeOf(rs, arrays.mask, points.n);
  const index = (parts.paint.index ??= await rs.inflate(parts.paint.arrays.index));
  const look = { ...meta, labels, themes, index, active, density: parts.density };
  if (parts.outlines) look.outlines = parts.outlines.lines ??= rs.readOutlines(parts.outlines);
  const camera = cameraFor(host, meta.camera, meta.placed);
  // What a person selected after this look was made stays: the next look brings it.
  const isCurrent = meta.seq >= host.seq;
  if (isCurrent) host.seq = meta.seq;
  sendAgain(host, meta.seq);
  brush(rs, host, words, points, look, parts.periods);
  const selection = isCurrent ? selectionOf(rs, arrays, points.n) : undefined;
  host.hits = parts.hits?.arrays.hits || null;
  host.view.texts = meta.texts ? rs.textsOf(meta.texts) : null;
  await host.view.update({ points, look: timed(host, look), camera, selection, hits: host.hits });
  if (meta.fly && meta.fly.turn !== host.flown) {
    host.flown = meta.fly.turn;
    host.view.fly(meta.fly.position);
  }
}

// All parts that a look names; null where a newer look came before they did: Streamlit passes over what is overtaken.
async function partsOf(rs, meta, overtaken) {
  const named = PARTS.filter((name) => meta[name]);
  const all = Promise.all(named.map((name) => rs.parts.get(meta[name])));
  const isHere = named.every((name) => rs.parts.has(meta[name]));
  const found = await (isHere ? all : Promise.race([all, overtaken.then(() => null)]));
  return found && Object.fromEntries(named.map((name, i) => [name, found[i]]));
}

// Expanded once a part, not once a look.
function pointsOf(rs, { points, more }) {
  const base = (points.expanded ??= rs.readPoints(points));
  if (!more) return base;
  return (more.joined ??= rs.joined(base, rs.readPoints(more), more.meta.digest));
}

// The bar that plays the periods; it greys points here, so that no step of it goes to the server.
function brush(rs, host, words, points, look, part) {
  Object.assign(host, { look, points });
  if (!part) {
    host.bar?.remove();
    host.bar = host.brush = undefined;
    return;
  }
  if (host.brush?.digest === part.meta.digest) return;
  host.brush?.stop();
  host.bar?.remove();
  host.bar = rs.element("div");
  host.view.key.before(host.bar);
  host.brush = new rs.Brush(host.bar, {
    words, periods: part.meta.periods, of: part.arrays.period,
    show: () => host.view.update({ points: host.points, look: timed(host, host.look), hits: host.hits }),
    keep: (period) => tell(rs, host, { kind: "period", period }),
  });
  host.brush.digest = part.meta.digest;
}

// Without a filter nothing of it is sent.
const activeOf = (rs, mask, n) => (mask ? rs.readBits(mask, n) : new Uint8Array(n).fill(1));

// A large selection comes as bits.
function selectionOf(rs, { selection, selected }, n) {
  if (!selected) return selection || null;
  const flags = rs.readBits(selected, n);
  return Uint32Array.from(flags.keys()).filter((i) => flags[i]);
}

// What the server counted of all points is not of one period.
function timed(host, look) {
  if (!host.brush?.isOn) return look;
  return { ...look, active: host.brush.applied(look.active, host.points), counts: null, density: null };
}

// The browser owns the camera; Python's is taken only where it is another than the one before and none of ours, or where
// a saved view was opened: its place is meant, even one where the person was before.
function cameraFor(host, camera, placed = 0) {
  const written = JSON.stringify(camera);
  const isMeant = host.placed !== undefined && host.placed !== placed;
  host.placed = placed;
  if (isMeant) {
    host.camera = written;
    return camera ?? {};
  }
  if (!camera || written === host.camera) return null;
  host.camera = written;
  return host.sent.includes(written) ? null : camera;
}

function tell(rs, host, event) {
  if (event.kind === "moved") {
    host.sent.push(JSON.stringify(event.camera));
    host.sent.splice(0, host.sent.length - SENT_KEPT);
    host.send("moved", { camera: event.camera });
  } else if (event.kind === "topic") {
    send(host, "topic", { topic: event.topic });
  } else if (event.kind === "asked") {
    send(host, "asked", { what: event.what, value: event.value });
  } else if (event.kind === "period") {
    // The filter that comes back greys the rest.
    host.brush.reset();
    send(host, "period", { period: event.period });
  } else if (host.points.at) {
    // What was done, not what follows: the server has the points that are not drawn.
    const { area, adds, found } = event;
    const list = Array.from(found).slice(0, MAX_CLICKED).map((position) => rs.atOf(host.points, position));
    send(host, "selected", area ? { area, adds } : { list, adds });
  } else {
    const { positions } = event;
    send(host, "selected", positions.length <= MAX_LISTED
      ? { list: Array.from(positions) }
      : { bits: rs.toBase64(rs.writeBits(host.view.selected)) });
  }
}

function send(host, name, value) {
  host.seq++;
  host.pending = { name, value: { seq: host.seq, ...value }, tries: MAX_TRIES };
  host.send(name, host.pending.value);
}

// What was told while another request cut the run short is lost to Python, which the next look shows: tell it again.
// Python takes each number once.
function sendAgain(host, seq) {
  const { pending } = host;
  if (!pending || seq >= pending.value.seq || pending.tries-- <= 0) host.pending = undefined;
  else host.send(pending.name, pending.value);
}
