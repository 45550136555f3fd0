/** A choice of one of many, which shows the whole of what is chosen: a select alone cuts it where it is narrow. */

import { useContext } from "preact/hooks";
import { Short } from "./words.tsx";

export interface Option {
  readonly value: string;
  /** In words; the value, where nothing else is said. */
  readonly label?: string;
  readonly group?: string;
}

export function Choice(props: { value: string; options: readonly Option[]; choose: (value: string) => void; label?: string }) {
  const { value, options, choose, label } = props;
  const chosen = options.find((one) => one.value === value);
  const shown = chosen?.label ?? value;
  const groups = [...new Set(options.map((one) => one.group))];
  const list = (group: string | undefined) =>
    options.filter((one) => one.group === group).map((one) => <option key={one.value} value={one.value}>{one.label ?? one.value}</option>);
  return (
    <span class="choice">
      <span class="shown" aria-hidden="true">{shown}</span>
      <select value={value} aria-label={label} title={useContext(Short).title(shown)} onChange={(event) => choose(event.currentTarget.value)}>
        {groups.map((group) => (group === undefined ? list(group) : <optgroup key={group} label={group}>{list(group)}</optgroup>))}
      </select>
    </span>
  );
}
