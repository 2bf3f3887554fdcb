// Draws the diagrams of a page: <div data-diagram="address" data-states='{"element": "active"}' data-counts=…>.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const HOT_ELEMENTS = 40;
const READABLE = 0.75;
const TINY = 0.2;
const STEP = 1.25;

async function draw(place) {
  const viewer = new NavigatedViewer({ container: place });
  const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`Expected the diagram, but got status ${answer.status}.`);
  const { warnings } = await viewer.importXML(await answer.text());
  for (const { message } of warnings) console.warn(message);
  const canvas = viewer.get("canvas");
  colour(viewer, read(place.dataset.states));
  number(viewer, read(place.dataset.counts));
  canvas.zoom("fit-viewport", "auto");
  const hottest = canvas.zoom() < TINY ? hottestFirst(read(place.dataset.counts)).slice(0, 1) : [];
  focus(viewer, place.dataset.focus ? place.dataset.focus.split(" ") : hottest.map(([element]) => element));
  place.after(buttons(canvas, place.dataset));
  if ("pick" in place.dataset) pick(viewer);
}

// An element that is clicked ticks its box: one that stands there ends, any other starts. Boxes colour their elements.
function pick(viewer) {
  const canvas = viewer.get("canvas");
  const boxes = (element) => [...document.querySelectorAll("input[data-element]")].filter((box) => box.dataset.element === element);
  const mark = (element) => {
    for (const name of ["ends", "starts"]) {
      const chosen = boxes(element).some((box) => box.name === name && box.checked);
      canvas[chosen ? "addMarker" : "removeMarker"](element, `state-${name}`);
    }
  };
  viewer.get("eventBus").on("element.click", ({ element }) => {
    const { id } = element.labelTarget || element;
    const box = boxes(id)[0];
    if (!box) return;
    box.checked = !box.checked;
    const folded = box.closest("details");
    if (folded && box.checked) folded.open = true;
    mark(id);
  });
  for (const box of document.querySelectorAll("input[data-element]")) {
    if (!viewer.get("elementRegistry").get(box.dataset.element)) continue;
    box.addEventListener("change", () => mark(box.dataset.element));
    mark(box.dataset.element);
  }
}

// Wheel and drag work too; these are for the keyboard and for people who do not know that.
function buttons(canvas, { nearer, farther, whole }) {
  const bar = document.createElement("div");
  bar.className = "zoom";
  const add = (words, label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    bar.append(button, " ");
  };
  add("+", nearer, () => canvas.zoom(canvas.zoom() * STEP));
  add("\u2212", farther, () => canvas.zoom(canvas.zoom() / STEP));
  add(whole, whole, () => canvas.zoom("fit-viewport", "auto"));
  return bar;
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

function hottestFirst(counts) {
  return Object.entries(counts).sort((one, other) => other[1].open - one[1].open);
}

function number(viewer, counts) {
  const overlays = viewer.get("overlays");
  const elements = viewer.get("elementRegistry");
  for (const [element, { open, overdue, label }] of hottestFirst(counts).slice(0, HOT_ELEMENTS)) {
    if (!elements.get(element)) continue;
    const badge = document.createElement("div");
    badge.className = overdue ? "badge late" : "badge";
    badge.textContent = overdue ? `${open} (${overdue})` : String(open);
    badge.title = label || "";
    overlays.add(element, { position: { top: -12, right: 22 }, scale: { min: 1, max: 1 }, html: badge });
  }
}

// A wide diagram that fits its frame cannot be read: begin at a readable size around the elements asked for.
function focus(viewer, names) {
  const canvas = viewer.get("canvas");
  const elements = names.map((name) => viewer.get("elementRegistry").get(name)).filter(Boolean);
  if (!elements.length || canvas.zoom() >= READABLE) return;
  const middle = (start, size) => {
    const places = elements.map((element) => element[start] + element[size] / 2);
    return (Math.min(...places) + Math.max(...places)) / 2;
  };
  const { outer } = canvas.viewbox();
  const width = outer.width / READABLE;
  const height = outer.height / READABLE;
  canvas.viewbox({ x: middle("x", "width") - width / 2, y: middle("y", "height") - height / 2, width, height });
}

function begin(place) {
  draw(place).catch(() => { place.textContent = place.dataset.failed; });
}

// What is folded away has no size to fit a diagram into: it is drawn when it is opened.
for (const place of document.querySelectorAll("[data-diagram]")) {
  const folded = place.closest("details:not([open])");
  if (folded) folded.addEventListener("toggle", () => begin(place), { once: true });
  else begin(place);
}
