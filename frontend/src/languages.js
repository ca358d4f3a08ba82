// The languages of the labs' files, by the name that the server gives them.
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { sql } from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { toml } from "@codemirror/legacy-modes/mode/toml";

const languages = {
  python: () => python(),
  sql: () => sql(),
  markdown: () => markdown(),
  json: () => json(),
  yaml: () => yaml(),
  toml: () => StreamLanguage.define(toml),
  shell: () => StreamLanguage.define(shell),
  dockerfile: () => StreamLanguage.define(dockerFile),
};
const other = { py: "python", md: "markdown", yml: "yaml", bash: "shell", sh: "shell", console: "shell" };

export function languageFor(name) {
  return languages[other[name] || name]?.() ?? [];
}

export function parserFor(name) {
  const found = languageFor(name);
  return found.language?.parser ?? found.parser ?? null;
}
