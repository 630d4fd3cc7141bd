// The enterprise picker: a few letters of the name, of its pinyin initials or of the code narrow the list.
{
  const box = document.querySelector("[data-filter-of]");
  const list = box && document.getElementById(box.dataset.filterOf);
  // Who was met goes with the enterprise, a telephone number with its person.
  const known = ["met", "met_phone", "concern-contact", "concern-phone"].map((name) => document.getElementById(`id_${name}`));
  const forget = (fields) => fields.filter(Boolean).forEach((field) => { if (field.value === field.defaultValue) field.value = ""; });
  known[0]?.addEventListener("change", () => forget([known[1]]));
  document.getElementById("id_enterprise")?.addEventListener("change", () => forget(known));
  if (list) {
    const input = box.querySelector("input");
    const count = box.querySelector("[data-filter-count]");
    const options = [...list.options];
    box.hidden = options.length < 6;
    input.addEventListener("input", () => {
      const words = input.value.trim().toLowerCase();
      const chosen = list.value;
      const found = options.filter((option) => option.value && (option.dataset.search || "").includes(words));
      list.replaceChildren(options[0], ...found);
      list.value = words && found.length === 1 ? found[0].value : found.some((option) => option.value === chosen) ? chosen : "";
      count.textContent = words ? count.dataset.words.replace("%n", found.length) : "";
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); list.focus(); }
    });
  }
}
