() => {
  // What stands out too little: words under 4.5 to 1, signs and bars that tell something under 3 to 1.
  const parts = text => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(each => each / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const found = parts(getComputedStyle(each).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const wrong = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg")) continue;
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.offsetParent) continue;
    const found = ratio(parts(getComputedStyle(element).color), behind(element));
    if (found < 4.5) wrong.push(`${element.tagName} “${element.innerText.slice(0, 40)}” ${found.toFixed(2)}`);
  }
  for (const shape of document.querySelectorAll(".sign > :first-child, .bars rect:not(.is-operational)")) {
    const found = ratio(parts(getComputedStyle(shape).fill), behind(shape.closest("svg").parentElement));
    if (found < 3) wrong.push(`${shape.parentElement.getAttribute("class")} ${found.toFixed(2)}`);
  }
  return wrong;
}
