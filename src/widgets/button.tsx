/** The page's button: React Aria's, with our classes and, when its face is a glyph, a tooltip that says its name. */
import type { ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger, type ButtonProps } from 'react-aria-components';

interface Props extends Omit<ButtonProps, 'className' | 'children'> {
  readonly look?: string;
  /** Names the button where its face does not, and shows as a tooltip. */
  readonly name?: string;
  readonly children: ReactNode;
}

export function Button({ look = '', name, children, ...props }: Props): ReactNode {
  const button = <AriaButton {...props} {...(name !== undefined && { 'aria-label': name })} className={`button ${look}`}>{children}</AriaButton>;
  if (name === undefined) return button;
  return (
    <TooltipTrigger delay={500}>
      {button}
      <Tooltip className="tooltip" offset={6}>{name}</Tooltip>
    </TooltipTrigger>
  );
}
