/** The page's entry: the whole lab, or one lesson inside another page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { embeddedLesson } from './client/app-root.ts';
import { EmbedApp } from './embed/EmbedApp.tsx';
import './i18n/index.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';

const lesson = embeddedLesson();
createRoot(document.getElementById('root')!).render(<StrictMode>{lesson === undefined ? <App /> : <EmbedApp lesson={lesson} />}</StrictMode>);
