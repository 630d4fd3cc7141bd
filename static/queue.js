// Ticking rows of a list: all of a page at once, and how many are ticked. Without it the form works as it is.
const form = document.getElementById("bulk");
if (form) {
  const rows = () => [...form.elements].filter((one) => one.name === "numbers");
  const all = form.querySelector("[data-pick-all]"), count = form.querySelector("[data-picked]");
  const none = count.textContent;
  const tell = () => {
    const ticked = rows().filter((one) => one.checked).length, box = all.querySelector("input");
    count.textContent = ticked ? count.dataset.picked.replace("{n}", ticked) : none;
    box.checked = ticked > 0 && ticked === rows().length;
    box.indeterminate = ticked > 0 && ticked < rows().length;
  };
  all.hidden = false;
  all.addEventListener("change", (event) => {
    for (const row of rows()) row.checked = event.target.checked;
    tell();
  });
  document.addEventListener("change", (event) => { if (event.target.name === "numbers") tell(); });
  addEventListener("pageshow", tell);
}
