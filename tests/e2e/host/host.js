// The host's end of the protocol (src/embed/README.md): wait for the lesson's hello, connect a port, listen.
const LAB = new URLSearchParams(location.search).get('lab') ?? 'http://localhost:4173';
const lesson = new URLSearchParams(location.search).get('lesson') ?? 'sret';
const extra = new URLSearchParams(location.search).get('extra') ?? '';
const frame = /** @type {HTMLIFrameElement} */ (document.getElementById('lesson'));
const log = /** @type {HTMLElement} */ (document.getElementById('log'));
/** @type {MessagePort | undefined} */
let port;

window.addEventListener('message', (event) => {
  // Only the lab's own origin, only our frame, only its hello.
  if (event.origin !== new URL(LAB).origin || event.source !== frame.contentWindow) return;
  if (event.data?.hypervisible !== 1 || event.data.type !== 'hello' || port) return;
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = ({ data }) => {
    if (data.type === 'resize') frame.style.height = `${data.height}px`;
    const line = document.createElement('li');
    line.textContent = JSON.stringify(data);
    log.append(line);
  };
  frame.contentWindow?.postMessage({ hypervisible: 1, type: 'connect', id: event.data.id }, LAB, [channel.port2]);
});

document.getElementById('step')?.addEventListener('click', () => port?.postMessage({ v: 1, type: 'step', unit: 'micro-step' }));
document.getElementById('dark')?.addEventListener('click', () => port?.postMessage({ v: 1, type: 'setTheme', theme: 'dark' }));
frame.src = `${LAB}/embed/v1/${lesson}/?lang=en&theme=light&host=${encodeURIComponent(location.origin)}${extra}`;
