import { PythonDate, PythonDuration } from "../python/datetime.ts";
import { formatPercent } from "../python/format.ts";
import type { ArithmeticOperator } from "../syntax/expression.ts";
import { Fault } from "./fault.ts";
import { defined, isList, type Live, liveNumber, numberOf, Tuple, typeName } from "./live.ts";

/** A text or list made by `*` may not be longer than this: a slip of the pen must not fill the memory. */
const maxRepeated = 10_000_000;

/** Python's arithmetic on two values. @throws Fault with Python's message */
export const arithmetic = (operator: ArithmeticOperator, left: Live, right: Live): Live => {
  const a = numberOf(defined(left));
  const b = numberOf(defined(right));
  if (operator === "%" && typeof left === "string") return formatPercent(left, right);
  if (a !== undefined && b !== undefined) return numeric(operator, a.n, b.n, a.float || b.float);
  if (operator === "+") return add(left, right);
  if (operator === "-") return subtract(left, right);
  if (operator === "*" && a === undefined && b !== undefined && !b.float) return repeat(left, b.n, right);
  if (operator === "*" && b === undefined && a !== undefined && !a.float) return repeat(right, a.n, left);
  throw unsupported(operator, left, right);
};

const numeric = (operator: ArithmeticOperator, a: number, b: number, float: boolean): Live => {
  switch (operator) {
    case "+":
      return liveNumber(a + b, float);
    case "-":
      return liveNumber(a - b, float);
    case "*":
      return liveNumber(a * b, float);
    case "/":
      if (b === 0) throw new Fault(float ? "float division by zero" : "division by zero");
      return liveNumber(a / b, true);
    case "//":
      if (b === 0) throw new Fault(float ? "float floor division by zero" : "integer division or modulo by zero");
      return liveNumber(Math.floor(a / b), float);
    case "%":
      if (b === 0) throw new Fault(float ? "float modulo" : "integer division or modulo by zero");
      return liveNumber(a - b * Math.floor(a / b), float);
    case "**":
      if (a === 0 && b < 0) throw new Fault("0.0 cannot be raised to a negative power");
      return liveNumber(a ** b, float || b < 0);
  }
};

const add = (left: Live, right: Live): Live => {
  if (typeof left === "string") {
    if (typeof right === "string") return left + right;
    throw new Fault(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  if (isList(left)) {
    const tuples = left instanceof Tuple;
    if (isList(right) && tuples === right instanceof Tuple) {
      return tuples ? Tuple.fromItems([...left, ...right]) : [...left, ...right];
    }
    const name = typeName(left);
    throw new Fault(`can only concatenate ${name} (not "${typeName(right)}") to ${name}`);
  }
  if (right instanceof PythonDuration) {
    if (left instanceof PythonDate) return dateAt(left.exactMs() + right.ms);
    if (left instanceof PythonDuration) return new PythonDuration(left.ms + right.ms);
  }
  throw unsupported("+", left, right);
};

const subtract = (left: Live, right: Live): Live => {
  if (left instanceof PythonDate && right instanceof PythonDate) {
    return new PythonDuration(left.exactMs() - right.exactMs());
  }
  if (left instanceof PythonDate && right instanceof PythonDuration) return dateAt(left.exactMs() - right.ms);
  if (left instanceof PythonDuration && right instanceof PythonDuration) return new PythonDuration(left.ms - right.ms);
  throw unsupported("-", left, right);
};

const dateAt = (exactMs: number): PythonDate =>
  new PythonDate(exactMs, Math.round((exactMs - Math.floor(exactMs / 1000) * 1000) * 1000));

const repeat = (value: Live, count: number, other: Live): Live => {
  if (typeof value !== "string" && !isList(value)) throw unsupported("*", value, other);
  const times = Math.max(count, 0);
  if (value.length * times > maxRepeated) throw new Fault(`the result of "*" would be too long`);
  if (typeof value === "string") return value.repeat(times);
  const items = Array.from({ length: times }, () => [...value]).flat();
  return value instanceof Tuple ? Tuple.fromItems(items) : items;
};

const unsupported = (operator: string, left: Live, right: Live): Fault =>
  new Fault(
    `unsupported operand type(s) for ${operator === "**" ? "** or pow()" : operator}: ` +
      `'${typeName(left)}' and '${typeName(right)}'`,
  );
