/* The admin's pickers, for those who hear them: their search box carries its field's label, and their list holds only entries. */
(() => {
  "use strict";
  // Before the picker is made: its sign for “remove all” would stand inside the list.
  for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) select.dataset.allowClear = "false";
  window.addEventListener("load", () => {
    for (const box of document.querySelectorAll(".select2-search__field")) {
      const select = box.closest(".select2")?.previousElementSibling;
      const label = select && document.querySelector(`label[for="${select.id}"]`);
      if (label) box.setAttribute("aria-label", label.textContent.trim());
    }
  });
})();
