// Bundles the pages' styles, fonts and scripts into the package; nothing is fetched at run time.
import { build } from "esbuild";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
const here = fileURLToPath(new URL(".", import.meta.url));

// What was bundled is named with its licence: a wheel hands it on.
async function licences(inputs) {
  const names = new Set(inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  const parts = [];
  for (const name of [...names].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} has no licence file`);
    parts.push(`${name} ${version} (${license})\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(78)}\n\n`);
}

const { metafile } = await build({
  absWorkingDir: here,
  metafile: true,
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
  legalComments: "none",
  plugins: [onlyWoff2],
  logLevel: "warning",
});
await writeFile(join(out, "THIRD-PARTY.txt"), await licences(Object.keys(metafile.inputs)));
