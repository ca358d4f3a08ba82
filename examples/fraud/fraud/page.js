// The page is whole without this: it only puts the newest picture in place of the old one.
const picture = document.getElementById("picture");
const pill = document.getElementById("pill");
const ended = document.getElementById("ended");
const told = document.getElementById("told");
let last = told.textContent;
const source = new EventSource("/events");
source.addEventListener("picture", (event) => {
  const { html, state, name, says } = JSON.parse(event.data);
  const open = picture.querySelector(".journal");
  const place = open ? open.scrollTop : 0;
  picture.innerHTML = html;
  const journal = picture.querySelector(".journal");
  if (journal) journal.scrollTop = place;
  pill.className = `pill ${state}`;
  pill.textContent = name;
  ended.hidden = true;
  if (says !== last) told.textContent = last = says;
});
source.addEventListener("error", () => { ended.hidden = false; });
