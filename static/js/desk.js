/* The admin's pickers, for those who hear them: their search box carries its field's label, and their list holds only entries. */
(() => {
  "use strict";
  // Before the picker is made: its sign for “remove all” would stand inside the list.
  for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) select.dataset.allowClear = "false";
  const name = () => {
    for (const box of document.querySelectorAll(".select2-selection .select2-search__field:not([aria-label])")) {
      const { id } = box.closest(".select2-container").parentElement.querySelector("select") || {};
      const label = document.querySelector(`label[for="${id}"]`);
      if (label) box.setAttribute("aria-label", label.textContent.trim());
    }
  };
  // The pickers come some time after the page, and come again in new rows.
  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
})();
