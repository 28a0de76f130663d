/* The admin's pickers, for those who hear them: each is called as its field's label says, and their list holds only entries. */
(() => {
  "use strict";
  // Before the picker is made: its sign for “remove all” would stand inside the list.
  for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) select.dataset.allowClear = "false";
  const labelOf = (id) => document.querySelector(`label[for="${id}"]`);
  const selectOf = (part) => part.closest(".select2-container").parentElement.querySelector("select")?.id;
  const name = () => {
    for (const box of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
      // The box of an open list stands at the end of the page and says only which list it searches.
      const listed = /^select2-(.+)-results$/.exec(box.getAttribute("aria-controls"))?.[1];
      const label = labelOf(listed || selectOf(box));
      if (label) box.setAttribute("aria-label", label.textContent.replace("*", "").trim());
    }
    for (const shown of document.querySelectorAll(".select2-selection__rendered[role=textbox]")) {
      const label = labelOf(selectOf(shown));
      if (!label) continue;
      label.id = label.id || `${label.htmlFor}_label`;
      // What is chosen is no field of its own: it is the second half of the picker's name.
      shown.removeAttribute("role");
      shown.removeAttribute("aria-readonly");
      shown.closest(".select2-selection").setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
    }
    for (const picker of document.querySelectorAll(".select2-selection")) {
      const list = picker.getAttribute("aria-owns");
      if (list) picker.setAttribute("aria-controls", list);
      else picker.removeAttribute("aria-controls");
    }
  };
  // The pickers come some time after the page, come again in new rows, and get a list when they are opened.
  const watched = { childList: true, subtree: true, attributeFilter: ["aria-owns"] };
  new MutationObserver(name).observe(document.documentElement, watched);
})();
