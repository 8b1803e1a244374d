// Shared by all pages: short names, and the box with details beside the pointer or the focus.
const byId = (id) => document.getElementById(id);
const make = (name, attributes = {}, text = "") => {
  const element = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.textContent = text;
  return element;
};

const hideTip = () => {
  byId("tip").hidden = true;
};
// box: what the details belong to, in coordinates of the window.
const showTipAt = (box, text) => {
  const tip = byId("tip");
  tip.textContent = text;
  tip.hidden = false;
  const size = tip.getBoundingClientRect();
  const left = Math.min(box.left, document.documentElement.clientWidth - size.width - 8);
  const above = box.top - size.height - 8;
  tip.style.left = `${Math.max(8, left) + scrollX}px`;
  tip.style.top = `${(above > 0 ? above : box.bottom + 8) + scrollY}px`;
};
