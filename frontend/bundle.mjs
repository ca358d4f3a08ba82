// Bundles the pages' styles, fonts and scripts into the package; nothing is fetched at run time.
import { build } from "esbuild";
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const out = fileURLToPath(new URL("../src/gradus/web/static/built", import.meta.url));

// KaTeX names each font in three formats; every browser that runs these pages reads the first.
const onlyWoff2 = {
  name: "only-woff2",
  setup(bundle) {
    bundle.onLoad({ filter: /katex\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      return { contents: css.replaceAll(/,\s*url\([^)]*\)\s*format\("(woff|truetype)"\)/g, ""), loader: "css" };
    });
  },
};

await rm(out, { recursive: true, force: true });
await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["src/app.css", "src/app.js", "src/lab.js"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: ["chrome111", "firefox115", "safari16.4"],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  legalComments: "linked",
  plugins: [onlyWoff2],
  logLevel: "warning",
});
