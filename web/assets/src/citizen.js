// One comfort: questions that depend on an answer appear at once. Without this script they appear with the next page.
async function drawAgain(changed) {
  const form = changed.form;
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set("_parts", changed.dataset.affects || changed.closest("[data-affects]").dataset.affects);
  body.set("go", "parts");
  const answer = await fetch(form.dataset.fields, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of drawn.querySelectorAll("[hx-swap-oob]")) {
    const old = document.getElementById(part.id);
    if (old && !old.contains(changed)) old.replaceWith(part);
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.form && target.closest("[data-affects]")) drawAgain(target).catch(() => {});
});
