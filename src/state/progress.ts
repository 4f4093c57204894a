/** What the learner has done: kept in the browser's database when storage allows, else for this visit. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { create } from 'zustand';
import { i18next } from '../i18n/index.ts';
import { notify } from './workspace.ts';

export interface LessonProgress {
  /** The step that was last open, 0-based. */
  readonly step: number;
  readonly done: boolean;
  /** Answered predictions: how often was tried, and whether the answer was right at last. */
  readonly predictions: Readonly<Record<string, { readonly tries: number; readonly right: boolean }>>;
}

export interface ExerciseProgress {
  /** The learner's text. */
  readonly text: string;
  readonly passed: boolean;
}

export interface Progress {
  readonly lessons: Readonly<Record<string, LessonProgress>>;
  readonly exercises: Readonly<Record<string, ExerciseProgress>>;
  /** Set when what was kept has been read, or cannot be. */
  readonly ready: boolean;
}

interface Schema extends DBSchema {
  lessons: { key: string; value: LessonProgress };
  exercises: { key: string; value: ExerciseProgress };
}

export const useProgress = create<Progress>(() => ({ lessons: {}, exercises: {}, ready: false }));

export const NO_LESSON_PROGRESS: LessonProgress = { step: 0, done: false, predictions: {} };

let database: Promise<IDBPDatabase<Schema> | undefined> | undefined;

function refused(): undefined {
  notify('storage', i18next.t('notice.storage'));
  return undefined;
}

/** The database, or undefined when the browser refuses: then everything works, and is forgotten. */
function opened(): Promise<IDBPDatabase<Schema> | undefined> {
  database ??= openDB<Schema>('hypervisible', 1, {
    upgrade: (db) => {
      db.createObjectStore('lessons');
      db.createObjectStore('exercises');
    },
  }).catch(refused);
  return database;
}

async function all<Name extends 'lessons' | 'exercises'>(db: IDBPDatabase<Schema>, store: Name): Promise<Record<string, Schema[Name]['value']>> {
  const [keys, values] = await Promise.all([db.getAllKeys(store), db.getAll(store)]);
  return Object.fromEntries(keys.map((key, index) => [key, values[index]!]));
}

/** Reads what was kept. Called once, when the page starts. */
export async function readProgress(): Promise<void> {
  try {
    const db = await opened();
    if (!db) return;
    const [lessons, exercises] = await Promise.all([all(db, 'lessons'), all(db, 'exercises')]);
    // What was done while this was being read is newer.
    useProgress.setState((now) => ({ lessons: { ...lessons, ...now.lessons }, exercises: { ...exercises, ...now.exercises } }));
  } catch {
    refused();
  } finally {
    useProgress.setState({ ready: true });
  }
}

function keep<Name extends 'lessons' | 'exercises'>(store: Name, id: string, value: Schema[Name]['value']): void {
  opened().then((db) => db?.put(store, value, id)).catch(refused);
}

export function setLessonProgress(id: string, change: Partial<LessonProgress>): void {
  const next = { ...NO_LESSON_PROGRESS, ...useProgress.getState().lessons[id], ...change };
  useProgress.setState(({ lessons }) => ({ lessons: { ...lessons, [id]: next } }));
  keep('lessons', id, next);
}

export function setExerciseProgress(id: string, progress: ExerciseProgress): void {
  useProgress.setState(({ exercises }) => ({ exercises: { ...exercises, [id]: progress } }));
  keep('exercises', id, progress);
}
