// One file in the page: CodeMirror over the text that lies on disk, in the page's own colours.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { languageFor } from "./languages.js";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.docString], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.propertyName)], color: "var(--code-name)", fontWeight: "560" },
  { tag: [tags.typeName, tags.className, tags.namespace], color: "var(--code-type)" },
  { tag: [tags.heading], fontWeight: "650" }, { tag: [tags.emphasis], fontStyle: "italic" }, { tag: [tags.strong], fontWeight: "650" },
  { tag: [tags.link, tags.url], color: "var(--accent)" },
  { tag: [tags.propertyName, tags.labelName], color: "var(--code-name)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "0.8438rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", fontVariantLigatures: "none" },
  ".cm-content": { padding: "12px 0", caretColor: "var(--accent)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", border: "none", paddingLeft: "8px" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 10px 0 6px", minWidth: "30px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent) !important" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--brass) 28%, transparent) !important" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panel input, .cm-panel button": { fontFamily: "var(--sans)" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--brass) 35%, transparent)" },
});

export function openEditor(place, { text, language, label, nonce, onChange, onSave }) {
  const state = EditorState.create({
    doc: text,
    extensions: [
      EditorView.cspNonce.of(nonce),
      lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(),
      indentOnInput(), indentUnit.of("    "), EditorState.tabSize.of(4), bracketMatching(), closeBrackets(),
      language === "markdown" ? EditorView.lineWrapping : [],
      highlightActiveLine(), highlightSelectionMatches(), syntaxHighlighting(colours), look, languageFor(language),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": `${label}, editor. Escape, then Tab leaves it.`, autocapitalize: "off", autocorrect: "off", spellcheck: "false" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) onChange(); }),
      keymap.of([
        { key: "Mod-s", preventDefault: true, run: () => { onSave(); return true; } },
        { key: "Mod-Enter", preventDefault: true, run: () => { onSave(); return true; } },
        ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab,
      ]),
    ],
  });
  const view = new EditorView({ state, parent: place });
  let escaped = false;
  view.contentDOM.addEventListener("keydown", (event) => {
    // A keyboard must be able to leave: Escape lets the next Tab move on.
    if (event.key === "Tab" && escaped) event.stopImmediatePropagation();
    escaped = event.key === "Escape";
  }, true);
  return {
    text: () => view.state.doc.toString(),
    // Replaces only what differs, so that the cursor stays where it was.
    replace(next) {
      const old = view.state.doc.toString();
      let from = 0;
      while (from < old.length && from < next.length && old[from] === next[from]) from += 1;
      let end = 0;
      while (end < old.length - from && end < next.length - from && old.at(-1 - end) === next.at(-1 - end)) end += 1;
      view.dispatch({ changes: { from, to: old.length - end, insert: next.slice(from, next.length - end) } });
    },
    focus: () => view.focus(),
    refresh: () => view.requestMeasure(),
  };
}
