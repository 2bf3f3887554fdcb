// Draws the diagrams of a page: <div data-diagram="address" data-states='{"element": "active"}' data-counts=…>.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const HOT_ELEMENTS = 40;

async function draw(place) {
  const viewer = new NavigatedViewer({ container: place });
  const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`Expected the diagram, but got status ${answer.status}.`);
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  colour(viewer, read(place.dataset.states));
  number(viewer, read(place.dataset.counts));
  canvas.zoom("fit-viewport", "auto");
  focus(viewer, place.dataset.focus);
}

function read(text) {
  return text ? JSON.parse(text) : {};
}

function colour(viewer, states) {
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  for (const [element, state] of Object.entries(states)) {
    if (elements.get(element)) [].concat(state).forEach((name) => canvas.addMarker(element, name));
  }
}

function number(viewer, counts) {
  const overlays = viewer.get("overlays");
  const elements = viewer.get("elementRegistry");
  const hottest = Object.entries(counts).sort((one, other) => other[1].open - one[1].open).slice(0, HOT_ELEMENTS);
  for (const [element, { open, overdue, label }] of hottest) {
    if (!elements.get(element)) continue;
    const badge = document.createElement("div");
    badge.className = overdue ? "badge late" : "badge";
    badge.textContent = overdue ? `${open} (${overdue})` : String(open);
    badge.title = label || "";
    overlays.add(element, { position: { top: -12, right: 22 }, html: badge });
  }
}

function focus(viewer, element) {
  if (!element || !viewer.get("elementRegistry").get(element)) return;
  viewer.get("canvas").scrollToElement(element, 80);
}

for (const place of document.querySelectorAll("[data-diagram]")) {
  draw(place).catch(() => { place.textContent = place.dataset.failed; });
}
