// The map: arrow keys from card to card, one tab stop, particulars beside it, finding and filtering.
import { announce } from "./swap.js";

const map = document.querySelector("[data-map]");
const graph = map?.querySelector("[data-graph]");
const panel = map?.querySelector("[data-panel]");
const cards = graph ? [...graph.querySelectorAll(".card")] : [];
const byName = new Map(cards.map((card) => [card.dataset.skill, card]));
const lines = graph ? [...graph.querySelectorAll(".lines path")] : [];
const empty = panel?.innerHTML;

function place(card) {
  const { e, f } = card.transform.baseVal.consolidate().matrix;
  return { x: e, y: f };
}

function stop(card) {
  for (const each of cards) each.setAttribute("tabindex", each === card ? "0" : "-1");
}

// The nearest card in that direction; one that stands sideways counts as further away.
function nextFrom(card, dx, dy) {
  const from = place(card);
  let best = null, least = Infinity;
  for (const other of cards) {
    if (other === card || (graph.classList.contains("filtered") && !other.classList.contains("match"))) continue;
    const to = place(other);
    const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    if (along < 8 || (dx && aside > 160)) continue;
    const far = along + aside * 2.2;
    if (far < least) { least = far; best = other; }
  }
  return best;
}

function neighbours(name) {
  const near = new Set();
  for (const line of lines) {
    const { from, to } = line.dataset;
    line.classList.toggle("on", from === name || to === name);
    if (from === name) near.add(to);
    if (to === name) near.add(from);
  }
  return near;
}

function ancestors(name) {
  const before = new Set([name]);
  for (let grown = true; grown;) {
    grown = false;
    for (const line of lines) {
      if (before.has(line.dataset.to) && !before.has(line.dataset.from)) { before.add(line.dataset.from); grown = true; }
    }
  }
  return before;
}

function light(name) {
  const near = name ? neighbours(name) : (lines.forEach((line) => line.classList.remove("on", "far")), new Set());
  const before = name ? ancestors(name) : new Set();
  for (const line of lines) line.classList.toggle("far", Boolean(name) && before.has(line.dataset.to) && !line.closest(".across"));
  for (const card of cards) {
    card.classList.toggle("chosen", card.dataset.skill === name);
    card.classList.toggle("near", near.has(card.dataset.skill) || before.has(card.dataset.skill));
  }
  map.classList.toggle("has-selection", Boolean(name));
}

// Where the particulars lie over the map, the card must not be below them.
function bringToSight(card) {
  const bar = map.querySelector(".map-bar").getBoundingClientRect().bottom + 24;
  const over = getComputedStyle(panel).position === "fixed";
  const floor = (over ? panel.getBoundingClientRect().top : innerHeight) - 24;
  const { top, bottom } = card.getBoundingClientRect();
  if (bottom > floor) scrollBy(0, bottom - floor);
  else if (top < bar) scrollBy(0, top - bar);
}

async function choose(name, { history: keep = true, focus = true } = {}) {
  const card = byName.get(name);
  const answer = await fetch(`/skills/${encodeURIComponent(name)}?part=panel`);
  if (!answer.ok) { location.href = `/skills/${name}`; return; }
  panel.innerHTML = await answer.text();
  panel.scrollTop = 0;
  const close = Object.assign(document.createElement("button"), { type: "button", className: "panel-close", innerHTML: '<span aria-hidden="true">×</span><span class="sr">Close</span>' });
  close.addEventListener("click", () => leave(name));
  panel.prepend(close);
  light(name);
  if (card) {
    stop(card);
    bringToSight(card);
  }
  const address = new URL(location.href);
  address.searchParams.set("skill", name);
  address.hash = "";
  if (keep) history.pushState({ skill: name }, "", address);
  if (focus) panel.querySelector("[data-panel-title]")?.focus({ preventScroll: true });
}

function leave(name) {
  panel.innerHTML = empty;
  light(null);
  const address = new URL(location.href);
  address.searchParams.delete("skill");
  history.pushState({}, "", address);
  byName.get(name)?.focus({ preventScroll: true });
}

function followKeys() {
  const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  graph.addEventListener("keydown", (event) => {
    const card = event.target.closest(".card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    let next = null;
    if (steps[event.key]) next = nextFrom(card, ...steps[event.key]);
    else if (event.key === "Home") next = cards[0];
    else if (event.key === "End") next = cards.at(-1);
    else if (event.key === " ") { event.preventDefault(); choose(card.dataset.skill); return; }
    else return;
    event.preventDefault();
    if (next) { stop(next); next.focus({ preventScroll: true }); next.scrollIntoView({ block: "center", inline: "nearest" }); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      map.querySelector("[data-find]").focus();
    }
    const open = panel.querySelector("[data-skill-panel]");
    if (event.key === "Escape" && open) leave(open.dataset.skillPanel);
  });
}

function standingOf(element) {
  return element.matches("[data-row]") ? element.dataset.standing.split(" ") : [...element.classList];
}

function followFilter() {
  const find = map.querySelector("[data-find]");
  const standing = map.querySelector("[data-standing]");
  const found = map.querySelector("[data-found]");
  const rows = [...map.querySelectorAll("[data-row]")];
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = words.length > 0 || standing.value !== "";
    const fits = (each) => words.every((word) => each.dataset.words.includes(word))
      && (!standing.value || standingOf(each).includes(standing.value));
    let count = 0;
    for (const card of cards) {
      const match = fits(card);
      card.classList.toggle("match", match);
      if (match) count += 1;
    }
    graph?.classList.toggle("filtered", active);
    let listed = 0;
    for (const row of rows) { row.hidden = !fits(row); if (!row.hidden) listed += 1; }
    for (const layer of map.querySelectorAll("[data-layer]")) layer.hidden = !layer.querySelector("[data-row]:not([hidden])");
    found.textContent = active ? `${cards.length ? count : listed} skills` : "";
    const first = cards.find((card) => card.classList.contains("match"));
    if (first && active) stop(first);
  };
  find.addEventListener("input", filter);
  standing.addEventListener("change", filter);
  map.querySelector("[data-filter]").addEventListener("submit", (event) => {
    event.preventDefault();
    const first = cards.find((card) => card.classList.contains("match"));
    if (first && graph.checkVisibility?.() !== false) { stop(first); first.focus(); first.scrollIntoView({ block: "center" }); }
  });
  if (find.value || standing.value) filter();
}

// On a phone the list is shown in place of the graph: a step of the stairs leads there.
function followStairs() {
  for (const link of document.querySelectorAll("[data-layer-link]")) {
    link.addEventListener("click", (event) => {
      const places = ["layer", "list"].map((name) => document.getElementById(`${name}-${link.dataset.layerLink}`));
      const place = places.find((each) => each?.getClientRects().length);
      if (!place) return;
      event.preventDefault();
      place.scrollIntoView({ block: "start" });
    });
  }
}

export function followMap() {
  followFilter();
  followStairs();
  if (!graph) return;
  const chosen = new URL(location.href).searchParams.get("skill");
  stop(byName.get(chosen) ?? cards.find((card) => card.matches(".in_progress, .in_reach")) ?? cards[0]);
  followKeys();
  map.addEventListener("click", (event) => {
    const target = event.target.closest(".card, [data-go]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(target.dataset.skill ?? target.dataset.go);
  });
  graph.addEventListener("pointerover", (event) => {
    const card = event.target.closest(".card");
    if (card && !map.classList.contains("has-selection")) neighbours(card.dataset.skill);
  });
  graph.addEventListener("pointerleave", () => {
    if (!map.classList.contains("has-selection")) light(null);
  });
  addEventListener("popstate", () => {
    const name = new URL(location.href).searchParams.get("skill");
    if (name) choose(name, { history: false, focus: false });
    else { panel.innerHTML = empty; light(null); }
  });
  if (chosen) choose(chosen, { history: false, focus: false }).then(() => announce(`${chosen} is chosen`));
}
