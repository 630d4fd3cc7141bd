// Small comforts on every page; everything works without them.

// A form is sent once: the second click on a slow line is swallowed until the page comes back.
let sending = false;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  form.dataset.sending = "1";
  sending = true;
  event.submitter?.setAttribute("aria-busy", "true");
});
function release() {
  sending = false;
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}
addEventListener("pageshow", release);
document.addEventListener("htmx:finally:request", release);

// Menus close on Escape and on a click elsewhere.
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

// Names of the chosen files beside the button that stands for the browser's own control.
document.addEventListener("change", (event) => {
  const names = event.target.closest("[data-file]")?.querySelector("[data-file-names]");
  if (!names || event.target.type !== "file") return;
  names.dataset.none ??= names.textContent.trim();
  const chosen = [...event.target.files].map((file) => file.name);
  names.replaceChildren(...(chosen.length ? chosen : [names.dataset.none]).map((name) => {
    const line = document.createElement("li");
    line.textContent = name;
    return line;
  }));
});

// What is wrong is read first: the summary takes the focus when a form comes back. What came of a step is brought
// into view, for its form was long and is gone.
const toSummary = () => document.querySelector("[data-error-summary]")?.focus();
document.addEventListener("htmx:after:swap", () => {
  toSummary();
  if (sending) document.querySelector("#messages > *, .petition-alert")?.scrollIntoView({ block: "center" });
});
toSummary();
