// Comforts of the working pages; every page works without them.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyEnabled = false;

const DRAFT_AFTER = 2500;

function keepDraft(form) {
  const status = form.querySelector("[data-draft-status]");
  let timer = 0;
  let dirty = false;

  async function save(leaving) {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, credentials: "same-origin", keepalive: leaving });
      if (status) status.textContent = answer.ok ? await answer.text() : form.dataset.draftFailed;
      dirty = dirty || !answer.ok;
    } catch (error) {
      dirty = true;
      if (status) status.textContent = form.dataset.draftFailed;
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, DRAFT_AFTER, false);
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
  form.addEventListener("submit", () => { dirty = false; clearTimeout(timer); });
}

function pressOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
    return true;
  });
}

// Fields that depend on the changed one are drawn again by the server; chosen files stay in their inputs.
document.addEventListener("htmx:configRequest", (event) => {
  const { triggeringEvent, formData } = event.detail;
  const asking = triggeringEvent && triggeringEvent.target.closest("[data-affects]");
  if (!asking) return event.preventDefault();
  for (const [name, value] of [...formData]) if (value instanceof File) formData.delete(name);
  return formData.set("_parts", asking.dataset.affects);
});

// What somebody enters while the answer is on its way is newer than the answer: it stays.
const newer = new Set();
document.addEventListener("input", ({ target }) => newer.add(target));
document.addEventListener("htmx:beforeSend", () => newer.clear());
document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
  for (const entered of newer) {
    const drawn = target.contains(entered) && entered.id && fragment.querySelector(`#${CSS.escape(entered.id)}`);
    if (!drawn || drawn.type === "file") continue;
    if ("checked" in drawn) drawn.checked = entered.checked;
    if (drawn.type !== "checkbox" && drawn.type !== "radio") drawn.value = entered.value;
  }
});

function uploadNow(input) {
  const button = document.createElement("button");
  button.name = "do";
  button.value = "draft";
  button.hidden = true;
  input.form.append(button);
  button.click();
}

for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);
for (const form of document.querySelectorAll("form[method='post']")) pressOnce(form);
for (const select of document.querySelectorAll("select[data-submit]")) select.addEventListener("change", () => select.form.submit());
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
document.addEventListener("change", ({ target }) => {
  if (target.matches("input[type='file'][data-upload]") && target.files.length) uploadNow(target);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
