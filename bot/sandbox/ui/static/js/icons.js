// Line icons drawn here, 20 by 20, in the colour of the text beside them.

import { svg } from "./dom.js";

const PATHS = {
  bell: "M10 2.5v1.2M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1.8h-13zM8.2 17.3a2 2 0 0 0 3.6 0",
  hash: "M7.5 3.5 6 16.5M14 3.5l-1.5 13M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9.5h10v7H5zM7 9.5V7a3 3 0 0 1 6 0v2.5",
  home: "M3.5 9.5 10 4l6.5 5.5V16H12v-4H8v4H3.5z",
  chat: "M3.5 4.5h13v9h-7l-3.5 3v-3H3.5z",
  reply: "M8 5 3.5 9.5 8 14M4 9.5h7.5a5 5 0 0 1 5 5V16",
  smile: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M7.6 8.2v.1M12.4 8.2v.1M6.8 11.8a3.8 3.8 0 0 0 6.4 0",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  pin: "M12.5 3.5 16.5 7.5 13.5 9l-1 4-5.5-5.5 4-1zM8.5 11.5 4 16",
  book: "M5.5 3.5h9v13L10 13.2 5.5 16.5z",
  close: "M5 5l10 10M15 5 5 15",
  down: "M5.5 8 10 12.5 14.5 8",
  back: "M12.5 4.5 7 10l5.5 5.5",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4M12.8 12.8 16.5 16.5",
  bolt: "M11 2.8 5 11h4.2L9 17.2 15 9h-4.2z",
  send: "M3.5 10 16.5 4 12.5 16.5 9.5 11.5zM9.5 11.5 16.5 4",
  people: "M7.5 4.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M2.8 16a4.7 4.7 0 0 1 9.4 0M12.8 5a2.4 2.4 0 0 1 0 4.6M14 11.9A4.3 4.3 0 0 1 17.2 16",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  forward: "M4 5.5 9.5 10 4 14.5zM10.5 5.5 16 10l-5.5 4.5z",
  next: "M4.5 5 12 10l-7.5 5zM15 5v10",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  warn: "M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.2v.1",
  info: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9.2v4.3M10 6.6v.1",
  file: "M5.5 3h6l3.5 3.5V17h-9.5zM11.5 3v3.5H15",
  link: "M8.5 11.5a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2L10 5.8M11.5 8.5a3 3 0 0 0-4.2 0l-2.6 2.6a3 3 0 0 0 4.2 4.2l1.1-1.1",
};

export function icon(name, className = "icon") {
  return svg(
    "svg",
    { viewBox: "0 0 20 20", class: `${className} icon-${name}`, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] ?? PATHS.info }),
  );
}
