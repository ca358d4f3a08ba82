// Sends what changes something, and puts the parts of the page that changed where they belong.

export function announce(words) {
  const place = document.querySelector("[data-announce]");
  place.textContent = "";
  setTimeout(() => { place.textContent = words; }, 60);
}

function token() {
  return document.querySelector('meta[name="gradus-token"]').content;
}

function keepToken(page) {
  const fresh = page.querySelector('meta[name="gradus-token"]')?.content;
  if (!fresh) return;
  document.querySelector('meta[name="gradus-token"]').content = fresh;
  for (const field of document.querySelectorAll('input[name="token"]')) field.value = fresh;
}

export async function readPage(address = location.pathname) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  keepToken(page);
  return page;
}

// After `gradus start` was run again the token of an open page is old: fetch the new one, try once more.
export async function send(address, fields) {
  const once = () => fetch(address, {
    method: "POST",
    headers: { "x-gradus-token": token(), "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams({ ...fields, token: token() }),
  });
  let answer = await once();
  if (answer.status === 403) {
    await readPage();
    answer = await once();
  }
  return answer;
}

export function swapLive(page) {
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const old = document.getElementById(fresh.id);
    if (!old || old.innerHTML === fresh.innerHTML && old.dataset.raw === undefined) continue;
    if (old.dataset.raw === fresh.innerHTML) continue;
    fresh.dataset.raw = fresh.innerHTML;
    old.replaceWith(document.adoptNode(fresh));
    document.getElementById(fresh.id).dispatchEvent(new CustomEvent("gradus:swapped", { bubbles: true }));
  }
}

export function followForms() {
  for (const part of document.querySelectorAll("[data-live]")) part.dataset.raw = part.innerHTML;
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-swap]");
    if (!form) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    const live = form.closest("[data-live]")?.id;
    try {
      const answer = await send(form.action, Object.fromEntries(new FormData(form)));
      if (!answer.ok) throw new Error((await answer.json()).message);
      swapLive(await readPage());
      const place = live && document.getElementById(live);
      if (place) {
        place.tabIndex = -1;
        place.focus({ preventScroll: true });
      }
      announce("Done.");
    } catch (error) {
      if (button) button.disabled = false;
      announce(error.message);
      let says = form.querySelector(".form-says");
      if (!says) form.append(says = Object.assign(document.createElement("p"), { className: "form-says soft" }));
      says.textContent = error.message;
    }
  });
}
