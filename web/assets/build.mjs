// Bundles the browser sources into ../static/dist under names that change with their content.
import { build } from "esbuild";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import postcss from "postcss";
import parser from "postcss-selector-parser";

const OUT = join(import.meta.dirname, "..", "static", "dist");
const TARGET = ["chrome80", "safari14.1"];

// Chrome 80 drops a whole rule when it meets :where(), :is(), :has() or :focus-visible: they are written out, :has() goes.
function writtenOut(selector) {
  const pending = [selector];
  const done = [];
  while (pending.length) {
    const current = pending.pop();
    let list = null;
    current.walkPseudos((pseudo) => {
      if (!list && (pseudo.value === ":where" || pseudo.value === ":is")) list = pseudo;
    });
    if (!list) {
      done.push(splitNegation(current).toString());
      continue;
    }
    const place = pathTo(list, current);
    for (const choice of list.nodes) {
      const copy = current.clone();
      const target = place.reduce((node, index) => node.nodes[index], copy);
      target.replaceWith(...choice.clone().nodes.map(trimmed));
      pending.unshift(tagsFirst(copy));
    }
  }
  return done;
}

function pathTo(node, root) {
  const path = [];
  for (let at = node; at !== root; at = at.parent) path.unshift(at.parent.nodes.indexOf(at));
  return path;
}

function tagsFirst(selector) {
  selector.walkTags((tag) => {
    if (tag.parent !== selector) return;
    const compound = selector.nodes.slice(0, selector.nodes.indexOf(tag));
    const start = compound.map((node) => node.type).lastIndexOf("combinator") + 1;
    const first = selector.nodes[start];
    if (first === tag) return;
    tag.remove();
    selector.insertBefore(first, tag);
  });
  return selector;
}

function trimmed(node, index) {
  if (index === 0) node.spaces.before = "";
  node.spaces.after = "";
  return node;
}

function splitNegation(selector) {
  selector.walkPseudos((pseudo) => {
    if (pseudo.value === ":focus-visible") pseudo.value = ":focus";
    if (pseudo.value !== ":not" || pseudo.nodes.length < 2) return;
    const parts = pseudo.nodes.map((choice) => parser.pseudo({ value: ":not", nodes: [trimmedChoice(choice)] }));
    pseudo.replaceWith(...parts);
  });
  return selector;
}

function trimmedChoice(choice) {
  const copy = choice.clone();
  copy.nodes.forEach(trimmed);
  return copy;
}

const oldBrowsers = {
  postcssPlugin: "old-browsers",
  Rule(rule) {
    if (!/:where\(|:is\(|:has\(|:not\([^)]*,|:focus-visible/.test(rule.selector)) return;
    const selectors = [];
    parser((root) => root.each((selector) => selectors.push(...writtenOut(selector)))).processSync(rule.selector);
    const kept = new Set(selectors.map((text) => text.trim()).filter((text) => !text.includes(":has(")));
    if (kept.size) rule.selector = [...kept].join(",");
    else rule.remove();
  },
};

const lowerSelectors = {
  name: "lower-selectors",
  setup(bundler) {
    bundler.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { css } = await postcss([oldBrowsers]).process(readFileSync(path, "utf8"), { from: path });
      return { contents: css, loader: "css" };
    });
  },
};

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const result = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/citizen.css", "src/citizen.js", "src/desk.css", "src/desk.js", "src/diagram.css", "src/diagram.js", "src/print.css"],
  outdir: OUT,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "empty", ".eot": "empty", ".svg": "empty" },
  plugins: [lowerSelectors],
  bundle: true,
  minify: true,
  legalComments: "linked",
  target: TARGET,
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(path);
}
writeFileSync(join(OUT, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
