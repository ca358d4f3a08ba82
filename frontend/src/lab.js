// The lab page: files in the page and on disk alike, and the verdict as soon as there is one.
import { openEditor } from "./editor.js";
import { announce, readPage, send, swapLive } from "./swap.js";
import { followWork } from "./work.js";

const lab = document.querySelector("[data-lab]").dataset.lab;
const nonce = document.querySelector('meta[name="style-nonce"]').content;
const says = document.querySelector("[data-save-says]");
const checkLabel = document.querySelector("[data-check-label]");
const verdictBox = document.querySelector("[data-verdict]");
const title = document.title;
const files = new Map();
let current = null;
let reading = Promise.resolve();
let asked = false;

class OpenFile {
  constructor(place) {
    this.place = place;
    this.path = place.dataset.file;
    this.digest = place.dataset.digest;
    this.tab = document.querySelector(`[data-tab="${CSS.escape(this.path)}"]`);
    const area = place.querySelector("[data-text]");
    if (!area) return;
    this.saved = area.value;
    const host = document.createElement("div");
    area.closest("form").hidden = true;
    place.append(host);
    host.className = "host";
    this.editor = openEditor(host, {
      text: area.value, language: place.dataset.language, label: this.path, nonce,
      onChange: () => this.mark(), onSave: () => saveAndCheck(),
    });
    this.conflict = place.querySelector("[data-conflict]");
    this.conflict.querySelector("[data-take-disk]").addEventListener("click", () => this.take());
    this.conflict.querySelector("[data-keep-mine]").addEventListener("click", () => this.keep());
    const compare = this.conflict.querySelector("[data-compare]");
    compare.addEventListener("click", () => {
      const shown = this.conflict.querySelector("[data-disk]");
      shown.hidden = !shown.hidden;
      compare.setAttribute("aria-expanded", String(!shown.hidden));
    });
  }

  get dirty() { return Boolean(this.editor) && this.editor.text() !== this.saved; }

  mark() {
    const dirty = this.dirty;
    this.tab?.querySelector("[data-dirty]")?.toggleAttribute("hidden", !dirty);
    checkLabel.textContent = [...files.values()].some((file) => file.dirty) ? "Save and check" : "Check";
    if (dirty) { says.textContent = "Not saved"; says.classList.remove("bad"); }
  }

  // Another editor wrote the file: follow it where nothing was typed here, ask where something was.
  disk(text, digest) {
    if (digest === this.digest) return;
    if (!this.editor || text === null) {
      this.digest = digest;
      if (Boolean(this.editor) !== (text !== null)) readAgain();
      return;
    }
    if (!this.dirty || this.editor.text() === text) {
      this.follow(text, digest);
      says.textContent = "Read again from disk";
      return;
    }
    this.onDisk = { text, digest };
    this.conflict.hidden = false;
    this.conflict.querySelector("[data-disk]").textContent = text;
  }

  // Gone from disk: what is here is all that is left of it, and saving writes it again.
  gone() {
    if (!this.editor || this.digest === "") return;
    this.digest = "";
    this.saved = null;
    this.mark();
    says.textContent = `${this.path} is gone from disk; saving writes it again.`;
  }

  follow(text, digest) {
    this.digest = digest;
    this.saved = text;
    this.editor.replace(text);
    this.conflict.hidden = true;
    this.onDisk = null;
    this.mark();
  }

  take() { this.follow(this.onDisk.text, this.onDisk.digest); this.editor.focus(); }

  keep() {
    this.digest = this.onDisk.digest;
    this.saved = this.onDisk.text;
    this.onDisk = null;
    this.conflict.hidden = true;
    this.mark();
    saveAndCheck();
  }

  async save() {
    const text = this.editor.text();
    const answer = await send(`/labs/${lab}/save`, { path: this.path, base: this.digest, text });
    const said = await answer.json();
    if (answer.status === 409) { this.disk(said.text, said.digest); throw new Error(said.message); }
    if (!answer.ok) throw new Error(said.message);
    this.digest = said.digest;
    this.saved = text;
    this.mark();
  }
}

async function saveAndCheck() {
  const changed = [...files.values()].filter((file) => file.dirty);
  try {
    if ([...files.values()].some((file) => file.onDisk)) throw new Error("First choose which one shall stay.");
    for (const file of changed) await file.save();
    if (!changed.length) {
      const answer = await send(`/labs/${lab}/check`, {});
      if (!answer.ok) throw new Error((await answer.json()).message);
    }
    says.classList.remove("bad");
    asked = true;
    says.textContent = changed.length ? `Saved ${new Date().toLocaleTimeString()}` : "";
  } catch (error) {
    says.classList.add("bad");
    says.textContent = error instanceof TypeError ? "Gradus does not answer. Is `gradus start` still running? What you wrote is still here." : error.message;
    announce(says.textContent);
  }
}

function show(path) {
  current = path;
  for (const file of files.values()) {
    const on = file.path === path;
    file.place.hidden = !on;
    file.tab?.setAttribute("aria-selected", String(on));
    if (file.tab) file.tab.tabIndex = on ? 0 : -1;
    if (on) file.editor?.refresh();
  }
}

function followTabs() {
  const tabs = [...document.querySelectorAll("[data-tab]")];
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => { show(tab.dataset.tab); files.get(tab.dataset.tab).editor?.focus(); });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      show(next.dataset.tab);
      next.focus();
    });
  }
}

function judged(html) {
  const old = verdictBox.querySelector(".verdict");
  const before = old?.dataset.number + old?.dataset.verdictName;
  verdictBox.innerHTML = html;
  const now = verdictBox.querySelector(".verdict");
  if (now.dataset.number + now.dataset.verdictName === before || now.classList.contains("is-judging")) return;
  verdictBox.scrollTop = 0;
  announce(now.dataset.say);
  // Seen in the tab while another editor is in front.
  const mark = { PASSED: "✓", FAILED: "✗" }[now.dataset.verdictName] ?? "–";
  document.title = `${mark} ${title}`;
  // Below the editor on a narrow screen: bring to sight what was asked for.
  if (asked && verdictBox.getBoundingClientRect().top > innerHeight * 0.7) verdictBox.scrollIntoView({ block: "start" });
  asked = false;
  // Nothing else on the page changes, once it has been begun, until it is passed.
  if (old?.dataset.number && (now.dataset.verdictName !== "PASSED" || document.getElementById("going-on"))) return;
  reading = reading.then(async () => swapLive(await readPage())).catch(() => {});
}

// Files came or went: the page is read again, once things are quiet and nothing unsaved is lost.
let waiting = 0;

function readAgain() {
  clearTimeout(waiting);
  waiting = setTimeout(() => { if (![...files.values()].some((file) => file.dirty)) location.reload(); }, 1200);
}

// The stream is closed while the page is out of sight and read afresh when it comes back, so that
// many open labs do not use up the browser's connections; the server then says all that is current.
let stream = null;

function listen() {
  if (stream || document.hidden) return;
  stream = new EventSource(`/labs/${lab}/events`);
  stream.addEventListener("verdict", (event) => judged(JSON.parse(event.data).html));
  stream.addEventListener("files", (event) => {
    const told = JSON.parse(event.data).files;
    for (const { path, text, digest } of told) files.get(path)?.disk(text, digest);
    const paths = new Set(told.map((file) => file.path));
    for (const file of files.values()) if (!paths.has(file.path)) file.gone();
    if (told.some(({ path }) => !files.has(path))) readAgain();
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) { stream?.close(); stream = null; } else listen();
});

let seen = null;

function followParts() {
  seen?.disconnect();
  const links = new Map([...document.querySelectorAll(".toc a")].map((a) => [a.hash.slice(1), a]));
  seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const [id, link] of links) link.toggleAttribute("aria-current", id === entry.target.id);
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const part of document.querySelectorAll(".part")) seen.observe(part);
}

if (document.querySelector("[data-editor]")) {
  for (const place of document.querySelectorAll("[data-file]")) files.set(place.dataset.file, new OpenFile(place));
  followTabs();
  if (files.size) show(files.keys().next().value);
  const key = document.querySelector("[data-check-key]");
  key.textContent = /Mac|iP/.test(navigator.platform) ? "⌘ S" : "Ctrl S";
  key.hidden = false;
  document.querySelector(".check-form").addEventListener("submit", (event) => { event.preventDefault(); saveAndCheck(); });
  addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) { event.preventDefault(); saveAndCheck(); }
  });
  addEventListener("beforeunload", (event) => {
    if ([...files.values()].some((file) => file.dirty)) event.preventDefault();
  });
  listen();
}
followParts();
document.addEventListener("gradus:swapped", followParts);
followWork(lab);
