// The two origins of the browser tests, the lab's and the embedding page's. LAB_PORT moves both, so that several checkouts can be tested on one machine.
const port = Number(process.env.LAB_PORT ?? 4173);

export const LAB_ORIGIN = `http://localhost:${String(port)}`;
export const HOST_PORT = port + 1;
export const HOST_ORIGIN = `http://127.0.0.1:${String(HOST_PORT)}`;
