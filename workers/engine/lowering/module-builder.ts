/**
 * A WebAssembly module as it is written: types, imports, functions, one table, globals, exports, in the order of the binary
 * format. Functions may call each other before they have a body: `declare` gives the index, `define` the body.
 */
import { assert } from '../../base/assert.ts';
import type { Type } from '../../isa/meaning.ts';
import { ByteWriter } from './byte-writer.ts';
import { FunctionBody, VALUE_TYPE } from './function-body.ts';

export interface Signature {
  readonly params: readonly Type[];
  readonly result: Type | undefined;
}

const SECTION = { custom: 0, type: 1, import: 2, function: 3, table: 4, global: 6, export: 7, element: 9, code: 10 } as const;
const FUNCTION_REFERENCE = 0x70;

export class ModuleBuilder {
  readonly #types: string[] = [];
  readonly #signatures: Signature[] = [];
  readonly #imports: { readonly name: string; readonly type: number }[] = [];
  readonly #functions: { readonly type: number; body: FunctionBody | undefined; readonly name: string }[] = [];
  readonly #globals: Type[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];
  #memoryPages = 0;
  #importedTable: number | undefined;
  #table: readonly number[] = [];

  typeIndex(signature: Signature): number {
    const key = `${signature.params.join()}:${signature.result ?? ''}`;
    const known = this.#types.indexOf(key);
    if (known >= 0) return known;
    this.#signatures.push(signature);
    return this.#types.push(key) - 1;
  }

  /** The memory is imported (module `host`, name `memory`) and never grows. */
  importMemory(pages: number): void {
    this.#memoryPages = pages;
  }

  /** The table is imported (module `host`, name `table`) and comes before the module's own. Returns its index. */
  importTable(entries: number): number {
    this.#importedTable = entries;
    return 0;
  }

  /** The index of the module's own table. */
  get ownTable(): number {
    return this.#importedTable === undefined ? 0 : 1;
  }

  /** Imports come before every function of the module's own. */
  importFunction(name: string, signature: Signature): number {
    assert(this.#functions.length === 0, 'an import after a function');
    return this.#imports.push({ name, type: this.typeIndex(signature) }) - 1;
  }

  /** The name is for profilers and stack traces. */
  declare(signature: Signature, name = ''): number {
    this.#functions.push({ type: this.typeIndex(signature), body: undefined, name });
    return this.#imports.length + this.#functions.length - 1;
  }

  define(index: number, write: (body: FunctionBody) => void): void {
    const declared = this.#functions[index - this.#imports.length];
    assert(declared && !declared.body, 'a function defined twice or never declared');
    const body = new FunctionBody(this.#signatures[declared.type]!.params);
    write(body);
    declared.body = body;
  }

  /** A mutable global of the module's own, zero at first. */
  global(type: Type): number {
    return this.#globals.push(type) - 1;
  }

  exportFunction(name: string, index: number): void {
    this.#exports.push({ name, index });
  }

  /** The functions that `call_indirect` reaches, from entry 0. */
  setTable(functions: readonly number[]): void {
    this.#table = functions;
  }

  /** The custom section "name", with the names of functions (subsection 1). */
  #writeNames(out: ByteWriter): void {
    const named = this.#functions.flatMap(({ name }, index) => (name === '' ? [] : [[this.#imports.length + index, name] as const]));
    if (named.length === 0) return;
    const names = new ByteWriter(1024);
    names.unsigned(named.length);
    for (const [index, name] of named) {
      names.unsigned(index);
      names.name(name);
    }
    const section = new ByteWriter(1024);
    section.name('name');
    section.byte(1);
    section.sized(names);
    out.byte(SECTION.custom);
    out.sized(section);
  }

  finish(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter(1 << 16);
    for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) out.byte(byte);
    const section = (id: number, count: number, write: (bytes: ByteWriter) => void): void => {
      if (count === 0) return;
      const bytes = new ByteWriter(1024);
      bytes.unsigned(count);
      write(bytes);
      out.byte(id);
      out.sized(bytes);
    };
    section(SECTION.type, this.#signatures.length, (bytes) => {
      for (const { params, result } of this.#signatures) {
        bytes.byte(0x60);
        bytes.unsigned(params.length);
        for (const type of params) bytes.byte(VALUE_TYPE[type]);
        bytes.unsigned(result ? 1 : 0);
        if (result) bytes.byte(VALUE_TYPE[result]);
      }
    });
    section(SECTION.import, this.#imports.length + 1 + this.ownTable, (bytes) => {
      bytes.name('host');
      bytes.name('memory');
      bytes.byte(2);
      bytes.byte(1); // with a maximum: fixed size
      bytes.unsigned(this.#memoryPages);
      bytes.unsigned(this.#memoryPages);
      if (this.#importedTable !== undefined) {
        bytes.name('host');
        bytes.name('table');
        bytes.byte(1);
        bytes.byte(FUNCTION_REFERENCE);
        bytes.byte(0);
        bytes.unsigned(this.#importedTable);
      }
      for (const { name, type } of this.#imports) {
        bytes.name('host');
        bytes.name(name);
        bytes.byte(0);
        bytes.unsigned(type);
      }
    });
    section(SECTION.function, this.#functions.length, (bytes) => {
      for (const { type } of this.#functions) bytes.unsigned(type);
    });
    section(SECTION.table, this.#table.length && 1, (bytes) => {
      bytes.byte(FUNCTION_REFERENCE);
      bytes.byte(0);
      bytes.unsigned(this.#table.length);
    });
    section(SECTION.global, this.#globals.length, (bytes) => {
      for (const type of this.#globals) {
        bytes.byte(VALUE_TYPE[type]);
        bytes.byte(1);
        bytes.byte(type === 'i32' ? 0x41 : 0x42);
        bytes.byte(0);
        bytes.byte(0x0b);
      }
    });
    section(SECTION.export, this.#exports.length, (bytes) => {
      for (const { name, index } of this.#exports) {
        bytes.name(name);
        bytes.byte(0);
        bytes.unsigned(index);
      }
    });
    section(SECTION.element, this.#table.length && 1, (bytes) => {
      // Of the first table, or of one named by its index (with the kind of its elements).
      bytes.unsigned(this.ownTable === 0 ? 0 : 2);
      if (this.ownTable !== 0) bytes.unsigned(this.ownTable);
      bytes.byte(0x41);
      bytes.byte(0);
      bytes.byte(0x0b);
      if (this.ownTable !== 0) bytes.byte(0);
      bytes.unsigned(this.#table.length);
      for (const index of this.#table) bytes.unsigned(index);
    });
    section(SECTION.code, this.#functions.length, (bytes) => {
      for (const { body } of this.#functions) {
        assert(body, 'a function was declared and never defined');
        bytes.sized(body.finish());
      }
    });
    this.#writeNames(out);
    return out.take();
  }
}
