// Filters: a passage is shown while one of its tags is ticked. Without a script every passage is shown.
for (const filters of document.querySelectorAll(".filters")) {
  const boxes = [...filters.querySelectorAll("input")];
  const passages = [...filters.nextElementSibling.children];
  const count = filters.querySelector(".count");
  const update = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const passage of passages) {
      passage.hidden = !passage.dataset.tags.split(" ").some((tag) => wanted.has(tag));
      shown += passage.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${passages.length} are shown.`;
  };
  filters.addEventListener("change", update);
  filters.hidden = false;
  update();
}
// On paper nothing is folded away.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
