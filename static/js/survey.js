// After the first stars one tap gives the three others the same; each can still be chosen by itself.
(() => {
  const same = document.getElementById("same");
  const rows = document.querySelectorAll("[data-dimension]");
  if (!same) return;
  const label = same.querySelector("[data-words]");
  const chosen = () => document.querySelector('input[name="overall"]:checked');
  const left = () => [...rows].filter((row) => !row.querySelector("input:checked"));
  const show = () => {
    const star = chosen();
    same.hidden = !star || left().length < rows.length;
    if (star) label.textContent = label.dataset.words.replace("{n}", star.value);
  };
  document.addEventListener("change", show);
  same.querySelector("button").addEventListener("click", () => {
    for (const row of left()) row.querySelector(`input[value="${chosen().value}"]`).checked = true;
    show();
    document.querySelector('input[name="order_again"]').closest(".card").scrollIntoView({ block: "center" });
  });
  show();
})();
