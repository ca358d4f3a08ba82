// Review with the keyboard alone: each button says its key, and the key presses the button.
// What was sent is not sent again while the next page is on its way.
const PATIENCE = 10_000;

export function followKeys() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyped(event)) return;
    if (event.key === " " && event.target.closest("button, a, summary")) return;
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  sendOnce();
}

// A number has no letter but e: in its field the other letters press their buttons too.
function isTyped(event) {
  const field = event.target.closest("input, textarea, select");
  return field && !(field.inputMode === "decimal" && /^[a-df-z]$/i.test(event.key));
}

function sendOnce() {
  let sent = 0;
  addEventListener("submit", (event) => {
    if (sent && Date.now() - sent < PATIENCE) event.preventDefault();
    else sent = Date.now();
  });
  addEventListener("pageshow", () => { sent = 0; }); // somebody came back to it
}
