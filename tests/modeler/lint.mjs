// Reads diagrams with the modeler's own reader and vocabulary; prints what it and bpmnlint's recommended rules find.
import { BpmnModdle } from "bpmn-moddle";
import Linter from "bpmnlint/lib/linter.js";
import NodeResolver from "bpmnlint/lib/resolver/node-resolver.js";
import { readFileSync } from "node:fs";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json" with { type: "json" };

const config = { extends: "bpmnlint:recommended" };
const resolver = new NodeResolver();
const moddle = new BpmnModdle({ zeebe });

async function* findings(file) {
  const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, "utf8"));
  for (const { message } of warnings) yield { rule: "vocabulary", category: "error", id: "", message };
  // Some rules remember what earlier files held: each file has a linter of its own.
  const reports = await new Linter({ config, resolver }).lint(rootElement);
  for (const [rule, found] of Object.entries(reports)) {
    for (const { id, category, message } of found) yield { rule, category, id, message };
  }
}

const all = [];
for (const file of process.argv.slice(2)) {
  for await (const found of findings(file)) all.push({ file, ...found });
}
console.log(JSON.stringify(all));
