// Before the first paint: say that scripts run, and follow the machine's light or dark unless the reader chose one.
const root = document.documentElement;
root.classList.add("js");
if ("themeAuto" in root.dataset) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  follow();
  dark.addEventListener("change", follow);
}
