/** TypeScript in three colours: comments, texts, keywords. Enough to read a page of the VMM by; the text itself is never changed. */
import type { ReactNode } from 'react';

const TOKEN = /(\/\/.*|\/?\*.*\*\/|^\s*\*.*|\/\*\*.*)|('(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|\b(import|export|const|let|function|return|if|else|for|of|switch|case|default|readonly|class|type|interface|new|this|undefined|true|false|private|get|set|extends|implements|void|while|throw)\b/g;
const KINDS = ['comment', 'text', 'keyword'] as const;

export function highlight(line: string): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > at) parts.push(line.slice(at, match.index));
    const kind = KINDS[match.slice(1).findIndex((group: string | undefined) => group !== undefined)]!;
    parts.push(<span key={match.index} className={`code-${kind}`}>{match[0]}</span>);
    at = match.index + match[0].length;
  }
  parts.push(line.slice(at));
  return parts;
}
