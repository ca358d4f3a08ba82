// What every page does: the switch between light and dark, forms that swap a part of the page,
// typeset mathematics and coloured code where there is any, and the map where it is shown.
import { followForms } from "./swap.js";
import { followTheme } from "./theme.js";

document.documentElement.classList.add("js");
followTheme();
followForms();

if (document.querySelector("[data-map]")) {
  import("./map.js").then(({ followMap }) => followMap());
}
if (document.querySelector("[data-review]")) {
  import("./review.js").then(({ followKeys }) => followKeys());
}
if (document.querySelector("[data-prose], .code-file")) {
  import("./typeset.js").then(({ typeset }) => {
    typeset(document);
    document.addEventListener("gradus:swapped", (event) => typeset(event.target));
  });
}
