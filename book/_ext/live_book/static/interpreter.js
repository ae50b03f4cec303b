// The page's Python: one worker, one job at a time, the newest value of a control, and an end to any loop.
import { _ } from "./words.js";

export class Python {
  constructor({ workerUrl, base, manifest, groups, onStatus, onProgress, onLines, language }) {
    Object.assign(this, { workerUrl, base, manifest, groups, onStatus, onProgress, onLines, language });
    this.worker = null;
    this.jobs = [];
    this.current = null;
    this.ready = false;
    this.number = 0;
    this.session = 0; // grows with each end: what ran before is gone
    this.reason = ""; // why the last session ended
    this.latest = new Map(); // control → its newest value, while Python is busy
  }

  start() {
    if (this.worker) return;
    this.onStatus("loading");
    this.worker = new Worker(this.workerUrl, { type: "module" });
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = (event) =>
      this.fail(event.message || _("Python's worker could not be fetched. Is the network gone?"));
    this.worker.postMessage({
      type: "start",
      base: this.base,
      manifest: this.manifest,
      groups: this.groups(),
      language: this.language,
    });
  }

  // A job: {type, ...}. `handlers.output(message)` is called as output comes; resolves to the last message.
  submit(job, handlers = {}) {
    this.start();
    return new Promise((resolve) => {
      this.jobs.push({ job: { ...job, id: ++this.number }, handlers, resolve });
      this.next();
    });
  }

  next() {
    if (!this.ready || this.current) return;
    this.current = this.jobs.shift() ?? null;
    if (this.current) {
      this.current.handlers.started?.();
      this.worker.postMessage(this.current.job);
      return;
    }
    for (const [key, change] of this.latest) {
      this.latest.delete(key);
      this.submit({ type: "control", ...change.job }, change.handlers);
      break;
    }
  }

  // A control moved: values in between are dropped while Python works on an earlier one. A press of a button
  // never is.
  control(job, handlers) {
    const key = `${job.model}:${Object.keys(job.state).join()}`;
    if (!job.event && (this.current || !this.ready)) this.latest.set(key, { job, handlers });
    else this.submit({ type: "control", ...job }, handlers);
  }

  // Has the reader moved this control on since the value that Python is at work on?
  waits(model, name) {
    for (const { job } of this.latest.values()) if (job.model === model && name in job.state) return true;
    return false;
  }

  receive(message) {
    if (message.type === "progress") this.onProgress(message);
    else if (message.type === "lines") this.onLines(message);
    else if (message.type === "ready") {
      this.ready = true;
      this.onStatus("ready");
      this.next();
    } else if (message.type === "cannot-start") this.fail(message.text);
    else if (message.type === "end") {
      const { resolve } = this.current;
      this.current = null;
      resolve(message);
      this.next();
    } else this.current?.handlers.output?.(message);
  }

  fail(text) {
    this.end(text);
    this.onStatus("failed");
  }

  // Ends the worker and so frees its memory; whatever waited hears why.
  end(reason) {
    this.worker?.terminate();
    this.worker = null;
    this.ready = false;
    this.session += 1;
    this.reason = reason;
    this.latest.clear();
    const waiting = [this.current, ...this.jobs].filter(Boolean);
    this.current = null;
    this.jobs = [];
    for (const { resolve } of waiting) resolve({ type: "end", ok: false, stopped: true, reason });
  }

  stop(reason) {
    this.end(reason);
    this.start();
  }
}
