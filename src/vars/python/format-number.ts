import { floatText } from "./text.ts";

/** How a number is written: the letters are those of Python's format specification; `r` is the shortest float. */
export interface NumberFormat {
  readonly type: string;
  readonly precision?: number | undefined;
  readonly sign?: string;
  readonly alternate?: boolean;
  readonly group?: string | undefined;
}

/** A number as Python's formatting writes it, without padding. */
export const formatNumber = (value: number, format: NumberFormat): string => {
  const size = Math.abs(value);
  const negative = value < 0 || Object.is(value, -0);
  const body = Number.isFinite(value) ? digitsOf(size, format) : floatText(size);
  const grouped = format.group === undefined ? body : body.replace(/\B(?=(?:\d{3})+(?!\d))(?<!\..*)/g, format.group);
  return `${negative ? "-" : (format.sign ?? "")}${grouped}`;
};

const digitsOf = (size: number, { type, precision, alternate }: NumberFormat): string => {
  switch (type) {
    case "d":
    case "n":
      return wholeDigits(size, 10);
    case "x":
      return `${alternate === true ? "0x" : ""}${wholeDigits(size, 16)}`;
    case "X":
      return `${alternate === true ? "0X" : ""}${wholeDigits(size, 16).toUpperCase()}`;
    case "o":
      return `${alternate === true ? "0o" : ""}${wholeDigits(size, 8)}`;
    case "b":
      return `${alternate === true ? "0b" : ""}${wholeDigits(size, 2)}`;
    case "c":
      return String.fromCodePoint(size);
    case "e":
    case "E":
      return exponent(size, precision ?? 6, type);
    case "f":
    case "F":
      return roundHalfEven(size, precision ?? 6);
    case "%":
      return `${roundHalfEven(size * 100, precision ?? 6)}%`;
    case "r":
      return floatText(size);
    default:
      return general(size, precision ?? 6, type === "G" ? "E" : "e");
  }
};

const wholeDigits = (size: number, radix: number): string => BigInt(Math.trunc(size)).toString(radix);

const exponent = (size: number, precision: number, letter: string): string => {
  const [digits = "", power = "+0"] = size.toExponential(Math.min(precision, 100)).split("e");
  return `${digits}${letter}${power.charAt(0)}${power.slice(1).padStart(2, "0")}`;
};

const general = (size: number, precision: number, letter: string): string => {
  const significant = Math.max(precision, 1);
  const power = size === 0 ? 0 : Number(size.toExponential(significant - 1).split("e")[1]);
  if (power >= -4 && power < significant) {
    const fixed = size.toFixed(Math.max(significant - 1 - power, 0));
    return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
  }
  return exponent(size, significant - 1, letter).replace(/\.?0+(?=[eE])/, "");
};

/** Decimal digits of the exact binary value, as C's printf gives; `toFixed` does the same up to 100 digits. */
const roundHalfEven = (size: number, precision: number): string => {
  if (size >= 1e21) return `${BigInt(size)}${precision > 0 ? `.${"0".repeat(precision)}` : ""}`;
  const fixed = size.toFixed(Math.min(precision, 100));
  // toFixed rounds an exact half up, printf to the even neighbour.
  const half = size.toFixed(Math.min(precision + 30, 100)).slice(fixed.length + (precision === 0 ? 1 : 0));
  if (!/^50*$/.test(half)) return fixed;
  const down = size.toFixed(Math.min(precision + 30, 100)).slice(0, fixed.length);
  return Number(down.at(-1)) % 2 === 0 ? down : fixed;
};
