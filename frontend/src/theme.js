// Light or dark: what the system prefers until the switch is used; a cookie keeps the choice, so
// that the server can say it in the first byte and no page flashes.

const dark = matchMedia("(prefers-color-scheme: dark)");

function now() {
  return document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
}

export function followTheme() {
  const button = document.querySelector("[data-theme-switch]");
  const says = document.querySelector("[data-theme-says]");
  const tell = () => { says.textContent = now() === "dark" ? "Change to light" : "Change to dark"; };
  button.hidden = false;
  tell();
  dark.addEventListener("change", tell);
  button.addEventListener("click", () => {
    const next = now() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    document.cookie = `gradus-theme=${next}; path=/; max-age=31536000; samesite=strict`;
    tell();
  });
}
