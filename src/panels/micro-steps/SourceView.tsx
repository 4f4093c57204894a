/** A few lines of the VMM's source around the line that did a micro-step. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { highlight } from './highlight.tsx';
import type { SourcePlace } from './vmm-source.ts';

export function SourceView({ step }: { readonly step: string | undefined }): ReactNode {
  const { t } = useTranslation();
  const [find, setFind] = useState<((id: string) => SourcePlace | undefined) | undefined>();
  const marked = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let current = true;
    void import('./vmm-source.ts').then(({ placeOfStep }) => { if (current) setFind(() => placeOfStep); });
    return () => { current = false; };
  }, []);
  const place = step === undefined ? undefined : find?.(step);
  useEffect(() => {
    const line = marked.current;
    const box = line?.closest<HTMLElement>('.source-lines');
    // Not scrollIntoView: that would scroll an embedding page, too.
    if (line && box) box.scrollTop = line.offsetTop - box.clientHeight / 2;
  }, [place]);
  if (step?.startsWith('hardware.') === true) return <p className="quiet no-source">{t('micro.noSource')}</p>;
  if (!place) return null;
  return (
    <div className="source">
      <div className="source-file mono">{place.file}<span className="quiet">:{place.line + 1}</span></div>
      <div className="source-lines" role="region" aria-label={t('micro.source', { file: place.file })} tabIndex={0}>
        {place.lines.map((line, index) => (
          <div key={index} ref={index === place.line ? marked : undefined} className={index === place.line ? 'source-line marked' : index >= place.from && index < place.line ? 'source-line did' : 'source-line'} aria-current={index === place.line ? 'step' : undefined}>
            <span className="line-number" aria-hidden="true">{index + 1}</span><code>{highlight(line)}</code>
          </div>
        ))}
      </div>
    </div>
  );
}
