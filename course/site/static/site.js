// What scrolls sideways can be reached by the keyboard.
function reach() {
  for (const box of document.querySelectorAll("pre, div.math, div.output, div.pst-scrollable-table-container"))
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0;
      if (!box.hasAttribute("role")) box.setAttribute("role", "group");
      if (!box.hasAttribute("aria-label")) box.setAttribute("aria-label", "scrolls sideways");
    } else if (box.tabIndex === 0) box.removeAttribute("tabindex");
}
addEventListener("load", reach);
addEventListener("resize", reach);
// On paper nothing is folded.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(box => (box.open = true)));
