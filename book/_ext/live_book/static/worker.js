// Pyodide in a worker: fetches what it needs with a count of bytes and a check of hashes, then runs cells.
import { isShared } from "./shared_python.js";
import { inflated, unpack } from "./unpack.js";

let pyodide, shell, errors, manifest, base;
const installed = new Set();
const count = { loaded: 0, total: 0 };
let live = 0;

// English until the first message tells the language: a module that waited for its catalogue would miss it.
let _ = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_place, name) => values[name]);

const say = (message) => self.postMessage(message);
const plainFetch = self.fetch.bind(self);
const CORE = "pyodide.asm.wasm";
const SHELL = ["messages", "pictures", "display", "backend", "errors", "ipython", "widgets", "shell"].map(
  (name) => `live_${name}`,
);

const offline = (name) => new Error(_("{name} could not be fetched. Is the network gone?", { name }));

// A file of this book's build; refused when its hash is not the one that the build wrote down.
async function checked(url, { integrity, ...options } = {}) {
  const name = new URL(url, self.location.href).pathname.split("/").pop();
  let response;
  try {
    response = await plainFetch(url, integrity ? { ...options, integrity } : options);
  } catch {
    // A browser gives the same error for "no network" and for "another hash".
    const again = integrity && (await plainFetch(url, { ...options, cache: "no-store" }).catch(() => null));
    if (again?.ok)
      throw new Error(
        _("{name} was refused: its content is not what this page was built with. Reload the page.", {
          name,
        }),
      );
    throw offline(name);
  }
  if (!response.ok)
    throw new Error(
      _("{name} could not be fetched (the server answered {status}).", { name, status: response.status }),
    );
  return response;
}

const hashOf = (name) => manifest?.integrity[name];

// Where a file of Python's lies: an edition beside another has its own package alone, and the rest is there.
const at = (name) => new URL(name, isShared(manifest, name) ? new URL(manifest.shared, base) : base).href;

// Checked, and counted as it comes.
async function counted(url, options) {
  const name = new URL(url, self.location.href).pathname.split("/").pop();
  const response = await checked(url, { ...options, integrity: hashOf(name) });
  if (name.endsWith(".wasm") && response.headers.get("content-type") === "application/wasm") {
    // Left as it came: the browser keeps the compiled code of such a response for the next visit.
    count.loaded += Number(response.headers.get("content-length")) || 0;
    say({ type: "progress", ...count });
    return response;
  }
  const meter = new TransformStream({
    transform(chunk, controller) {
      count.loaded += chunk.byteLength;
      const now = performance.now();
      if (now - live > 60) {
        live = now;
        say({ type: "progress", ...count });
      }
      controller.enqueue(chunk);
    },
  });
  // A compressing or unusual server may name the type wrongly, and then WebAssembly can't be compiled as it
  // comes.
  const type = name.endsWith(".wasm") ? "application/wasm" : (response.headers.get("content-type") ?? "");
  return new Response(response.body.pipeThrough(meter), { headers: { "content-type": type } });
}

// What Pyodide will fetch comes while its own scripts do, the core is compiled meanwhile, and each is handed
// over when it asks. Pyodide may wait for ever for a file that was refused, so the promise returned says so:
// it only ever rejects.
function fetchAhead() {
  const core = WebAssembly.compileStreaming(counted(at(CORE)));
  WebAssembly.instantiateStreaming = async (_source, imports) => {
    const module = await core;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  const ahead = new Map(
    [manifest.groups.stdlib.file, "pyodide-lock.json"].map((name) => [at(name), counted(at(name))]),
  );
  self.fetch = async (url, options) =>
    String(url) === at(CORE) ? new Response() : (ahead.get(String(url)) ?? counted(url, options));
  return new Promise((_resolve, refused) =>
    [core, ...ahead.values()].forEach((coming) => coming.catch(refused)),
  );
}

async function archive(group) {
  const response = await counted(at(manifest.groups[group].file));
  return inflated(response).catch(() => {
    throw offline(manifest.groups[group].file); // it broke off on the way
  });
}

const downloads = new Map();
function download(group) {
  if (manifest.groups[group] && !downloads.has(group)) {
    count.total += manifest.groups[group].size;
    const coming = archive(group);
    coming.catch(() => downloads.delete(group)); // so that the next try fetches again
    downloads.set(group, coming);
  }
  return downloads.get(group);
}

async function install(groups) {
  const wanted = groups.filter((group) => manifest.groups[group] && !installed.has(group));
  const archives = await Promise.all(wanted.map(download));
  wanted.forEach((group, i) => {
    unpack(archives[i], pyodide.FS, group.endsWith("-sources") ? `/sources/${group}` : manifest.site);
    downloads.delete(group);
    installed.add(group);
  });
  if (wanted.length) pyodide.runPython("import importlib; importlib.invalidate_caches()");
}

async function start(message) {
  base = message.base;
  if (message.language) ({ _ } = await import("./words.js"));
  try {
    manifest = await (
      await checked(`${base}live.json`, { cache: "no-cache", integrity: message.manifest })
    ).json();
    count.total = manifest.core + manifest.groups.stdlib.size;
    const refused = fetchAhead();
    refused.catch(() => {}); // it is raced below
    const scripts = ["pyodide.mjs", "pyodide.asm.js"].map((name) =>
      checked(at(name), { integrity: hashOf(name) }),
    );
    const texts = Promise.all(
      SHELL.map((name) => plainFetch(new URL(`python/${name}.py`, import.meta.url)).then((r) => r.text())),
    );
    texts.catch(() => {}); // it is awaited below
    for (const group of new Set(["numpy", "deltabook", ...message.groups])) download(group)?.catch(() => {});
    // `import` checks no hash, so the bytes are looked at before; it finds them in the browser's cache.
    for (const script of scripts) await (await script).arrayBuffer();
    const { loadPyodide } = await import(at("pyodide.mjs"));
    pyodide = await Promise.race([
      refused,
      loadPyodide({ indexURL: at(""), stdLibURL: at(manifest.groups.stdlib.file) }),
    ]);
    await install(["numpy", "deltabook"]);
    if (message.language) pyodide.FS.writeFile("/language", message.language);
    (await texts).forEach((text, i) => pyodide.FS.writeFile(`${manifest.site}/${SHELL[i]}.py`, text));
    shell = pyodide.pyimport("live_shell");
    errors = pyodide.pyimport("live_errors");
    pyodide.pyimport("live_messages").emit_to((kind, text) => say({ type: kind, ...JSON.parse(text) }));
    say({ type: "ready" });
  } catch (error) {
    say({ type: "cannot-start", text: `${_("Python could not be loaded.")} ${error.message ?? error}` });
  }
}

async function job(message) {
  try {
    if (message.groups) await install(message.groups);
    const ok = shell.handle(JSON.stringify(message));
    say({ type: "end", id: message.id, ok });
  } catch (error) {
    say({
      type: "error",
      name: "Error",
      summary: String(error.message ?? error),
      text: _("Run the cell again to retry."),
    });
    say({ type: "end", id: message.id, ok: false });
  }
}

// An error was shown that went through a library: its lines come after it. Without a network it stands as it
// is.
async function addLines() {
  const groups = JSON.parse(errors.missing_lines());
  if (!groups.length) return;
  try {
    await install(groups);
  } catch {
    return;
  }
  for (const [error, text] of Object.entries(JSON.parse(errors.with_lines())))
    say({ type: "lines", error, text });
}

let queue = Promise.resolve();
self.onmessage = ({ data }) => {
  queue = queue.then(() => (data.type === "start" ? start(data) : job(data).then(addLines)));
};
