/** What one sees, the keys, the colours, and how to bring one's own kernel. */
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { setSettings, useSettings } from '../state/settings.ts';
import { useWorkspace } from '../state/workspace.ts';
import { Button } from '../widgets/button.tsx';
import { WorldChip, WORLDS } from '../widgets/world.tsx';
import { KEYS } from './shortcuts.ts';

export function HelpDialog(): ReactNode {
  const { t } = useTranslation();
  const open = useWorkspace((state) => state.help);
  const singleKeys = useSettings((settings) => settings.singleKeys);
  return (
    <ModalOverlay className="dialog-backdrop" isDismissable isOpen={open} onOpenChange={(help) => { useWorkspace.setState({ help }); }}>
      <Modal>
        <Dialog className="dialog">
          {({ close }) => (
            <>
              <Heading slot="title" level={2}>{t('help.title')}</Heading>
              <h3>{t('help.what')}</h3>
              <p>{t('help.whatText')}</p>
              <h3>{t('help.worlds')}</h3>
              <p className="legend">{WORLDS.map((world) => <WorldChip key={world} of={world} />)}</p>
              <h3>{t('help.keys')}</h3>
              <dl className="keys">
                {KEYS.map(({ keys, what }) => (
                  <div key={what} className="contents"><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{t(`help.key.${what}`)}</dd></div>
                ))}
              </dl>
              <p><label><input type="checkbox" checked={singleKeys} onChange={({ target }) => { setSettings({ singleKeys: target.checked }); }} /> {t('help.keysOn')}</label></p>
              <h3>{t('help.file')}</h3>
              <p>{t('help.fileText')}</p>
              <p className="dialog-end"><Button look="primary" onPress={close}>{t('app.close')}</Button></p>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
