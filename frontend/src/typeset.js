// Mathematics by KaTeX, through the document's own style objects, so that no inline style is needed;
// code by the same grammar as the editor.
import katex from "katex";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parserFor } from "./languages.js";

function setMathematics(place) {
  for (const each of place.querySelectorAll(".math:not([data-set])")) {
    const tex = each.textContent;
    each.dataset.set = "";
    try {
      katex.render(tex, each, { displayMode: each.classList.contains("block"), throwOnError: true, output: "htmlAndMathml", strict: false });
    } catch {
      each.textContent = tex;
      delete each.dataset.set;
      each.dataset.unset = "";
    }
  }
}

function colourCode(place) {
  for (const code of place.querySelectorAll('pre > code[class*="language-"]:not([data-set])')) {
    code.dataset.set = "";
    const parser = parserFor(code.className.replace(/.*language-(\S+).*/, "$1"));
    if (!parser) continue;
    const source = code.textContent;
    const coloured = document.createDocumentFragment();
    highlightCode(source, parser.parse(source), classHighlighter, (text, classes) => {
      if (!classes) return coloured.append(text);
      coloured.append(Object.assign(document.createElement("span"), { className: classes, textContent: text }));
    }, () => coloured.append("\n"));
    code.replaceChildren(coloured);
  }
}

export function typeset(place) {
  setMathematics(place);
  colourCode(place);
}
