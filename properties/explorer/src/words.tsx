/** Short words of the declarations, with what they mean: where one points at them, and in a list of all. */

import { createContext } from "preact";
import { useContext, useRef } from "preact/hooks";

/** A text in parts: what stands for something is a pair with its meaning. */
export type Part = string | readonly [word: string, meaning: string];

export class ShortWords {
  readonly all: readonly (readonly [word: string, meaning: string])[];
  private readonly known = new Map<string, readonly Part[]>();
  private readonly meanings: ReadonlyMap<string, string>;
  private readonly pattern: RegExp | null;

  constructor(words: Readonly<Record<string, string>>) {
    this.all = Object.entries(words);
    this.meanings = new Map(this.all);
    const longest = [...this.meanings.keys()].sort((one, other) => other.length - one.length).map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    // a rule's id begins with such a word, too, and is none
    this.pattern = longest.length ? new RegExp(`(?<![\\p{L}\\p{N}])(${longest.join("|")})(?=s?(?![\\p{L}\\p{N}]|-\\d))`, "gu") : null;
  }

  parts(text: string): readonly Part[] {
    if (!this.pattern) return [text];
    let parts = this.known.get(text);
    if (!parts) {
      // the pattern has one group: what it matched is every second part
      parts = text.split(this.pattern).map((part, index) => (index % 2 ? [part, this.meanings.get(part)!] : part));
      this.known.set(text, parts);
    }
    return parts;
  }

  /** What the short words of a text mean, in a line; nothing where it has none. */
  title(text: string): string | undefined {
    const found = new Map(this.parts(text).filter((part) => typeof part !== "string"));
    return found.size ? [...found].map(([word, meaning]) => `${word}: ${meaning}`).join("\n") : undefined;
  }
}

export const Short = createContext(new ShortWords({}));

/** A text of the declarations. */
export function Text({ of }: { of: string | undefined }) {
  const short = useContext(Short);
  return <>{short.parts(of ?? "").map((part, index) => (typeof part === "string" ? part : <abbr key={index} title={part[1]}>{part[0]}</abbr>))}</>;
}

/** The list of all short words, which needs no pointer. */
export function Glossary() {
  const short = useContext(Short);
  const dialog = useRef<HTMLDialogElement>(null);
  if (short.all.length === 0) return null;
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => dialog.current!.showModal()}>
        Short words
      </button>
      <dialog ref={dialog} aria-labelledby="words-title">
        <header>
          <h2 id="words-title">Short words</h2>
          <button type="button" onClick={() => dialog.current!.close()}>
            Close
          </button>
        </header>
        <dl class="words">
          {short.all.map(([word, meaning]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </dialog>
    </>
  );
}
