import { describe, expect, it } from "vitest";
import { maskSecrets } from "./mask-secrets.ts";

describe("maskSecrets", () => {
  it.each([
    ["h1 ansible_become_pass=ab#c x=1", "h1 ansible_become_pass=**** x=1"],
    ['    ansible_password: "a b" # c', "    ansible_password: ***** # c"],
    ["{password: x, user: y}", "{password: *, user: y}"],
    ['{"api_token": "x", "a": "y"}', '{"api_token": ***, "a": "y"}'],
    ["passphrase = 'open", "passphrase = *****"],
    ["password: '{{ vaulted }}'", "password: '{{ vaulted }}'"],
    ["update_password: on_create", "update_password: on_create"],
    ["password_lock: true", "password_lock: true"],
    ["h1 ansible_password=a,b x=1", "h1 ansible_password=*** x=1"],
    ['h1 ansible_password="a b"c x=1', "h1 ansible_password=****** x=1"],
    ["ansible_password = my own", "ansible_password = ******"],
    ["ansible_password: my own", "ansible_password: ******"],
    ["api_key: abc", "api_key: ***"],
    ["run: curl -H AKIAIOSFODNN7EXAMPLE x", "run: curl -H ******************** x"],
    ["db: postgres://app:hunter2@db/x", "db: postgres://app:*******@db/x"],
    ["db: postgres://app:{{ word }}@db/x", "db: postgres://app:{{ word }}@db/x"],
    ["a: b", "a: b"],
  ])("shows %j as %j", (line, masked) => {
    expect(maskSecrets(line)).toBe(masked);
    expect(masked).toHaveLength(line.length);
  });
});
