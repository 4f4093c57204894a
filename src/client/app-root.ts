/**
 * Where the application's files lie: the folder of index.html. The built pages live at any path of any host, and the embed pages three
 * folders deeper, so nothing may be addressed from the page's own address.
 */
export const appRoot = (href: string = location.href): URL => {
  const page = new URL(href);
  const embedded = /^(.*\/)embed\/v1\/[^/]+\/(index\.html)?$/.exec(page.pathname);
  return new URL(embedded?.[1] ?? new URL('.', page).pathname, page.origin);
};

/** The lesson that this page embeds, from the path; undefined on the full page. */
export const embeddedLesson = (pathname: string = location.pathname): string | undefined => /\/embed\/v1\/([^/]+)\/(?:index\.html)?$/.exec(pathname)?.[1];
