import { createHmac, pbkdf2Sync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { seal } from "./cipher.ts";
import { parseEnvelope, renderEnvelope } from "./envelope.ts";
import { Vault, type VaultPassword } from "./vault.ts";

/** Made by ansible-vault of ansible-core 2.14. */
const ONE = `$ANSIBLE_VAULT;1.1;AES256
64353637613766613238333238643236613337633032333061333334393064373864653635643462
6636323864346366363266616430306235313136363033610a336635393137393339313236316364
36303236366438303231633430653932623430383161316364326332353537373030333261346333
3835363638336436610a393235653461353235653464393932663032303538653662373663646665
6333
`;
const BYTES = `$ANSIBLE_VAULT;1.2;AES256;dev
64303265323661363063626336666138343066346437383461356433346635376466663837396661
6230626337363661353563303634616433383866363632620a653034333437333938363834663430
66646566303036616436616230643834623366356533666361646531623965313839353231386236
3737613839636434360a316466633965633033656531303138623566373361303561376139613938
3230
`;
const EMPTY = `$ANSIBLE_VAULT;1.1;AES256
35643730316366393430666464356166623835643265353934373536633136376537396463383665
3765363661643936316662363363666539663931643164660a626233303631363065636636636466
66333366623939633732313463343261636438386431343866326362356364376264366435366663
3538383938616364320a393166333437643461653366663263623664666331343336323033623834
3038
`;

const password = (text: string, label = "default"): VaultPassword => ({ label, password: Buffer.from(text) });
const own = password("test-password");
const other = password("other-password", "dev");

const opened = (text: string, passwords: readonly VaultPassword[] = [own], matchLabels = false): string => {
  const result = new Vault({ passwords, matchLabels }).open(text);
  return result.ok ? result.value.toString("latin1") : `${result.error.kind}: ${result.error.message}`;
};

describe("what ansible-vault wrote is opened", () => {
  it.each([
    ["a text", ONE, "a secret\n"],
    ["nothing", EMPTY, ""],
    ["carriage returns", ONE.replaceAll("\n", "\r\n"), "a secret\n"],
    ["no last newline", ONE.trimEnd(), "a secret\n"],
    ["an indentation", ONE.replaceAll("\n", "\n    "), "a secret\n"],
    ["lines of another width", ONE.replaceAll(/([0-9a-f]{10})/g, "$1\n"), "a secret\n"],
    ["capital digits", ONE.replaceAll(/^[0-9a-f]+$/gm, (line) => line.toUpperCase()), "a secret\n"],
  ])("with %s", (_, text, content) => {
    expect(opened(text)).toBe(content);
  });

  it("with bytes that are no text, under a label", () => {
    expect(opened(BYTES, [other])).toBe(Buffer.from("é\0\xff", "latin1").toString("latin1").replace("é", "\xc3\xa9"));
    expect(opened(BYTES, [password("other-password")])).not.toContain("refused");
  });
});

it("opens what it sealed itself, each time with another salt", () => {
  const content = Buffer.from("é{{ x }}\n");
  const [first, second] = [seal(content, own.password, "prod"), seal(content, own.password, "prod")];
  expect(first.salt).not.toEqual(second.salt);
  const text = renderEnvelope(first);
  expect(text.split("\n")[0]).toBe("$ANSIBLE_VAULT;1.2;AES256;prod");
  expect(text.split("\n").every((line) => line.length <= 80)).toBe(true);
  expect(parseEnvelope(text)).toMatchObject({ ok: true, value: { label: "prod" } });
  expect(opened(text)).toBe(content.toString("latin1"));
});

it("has no content where somebody changed one bit, and does not decrypt it", () => {
  const { ciphertext, ...rest } = seal(Buffer.from("content"), own.password);
  const changed = Buffer.from(ciphertext);
  changed[0] = (changed[0] ?? 0) ^ 1;
  expect(opened(renderEnvelope({ ...rest, ciphertext: changed }))).toBe(
    "refused: Decryption failed: no password fits, or the content was changed (tried: default)",
  );
});

describe("passwords", () => {
  it("are tried, that of the label first, and named when none fits", () => {
    expect(opened(BYTES, [own, other])).toMatch(/^\u00c3/);
    expect(opened(BYTES, [own, password("wrong", "prod")])).toBe(
      "refused: Decryption failed: no password fits, or the content was changed " +
        "(tried: default, prod; the vault's own label is dev)",
    );
    expect(opened(ONE, [])).toBe("locked: this is vaulted, and no password was given");
  });

  it("of other labels are left alone where labels must match", () => {
    expect(opened(BYTES, [own, other], true)).toMatch(/^\u00c3/);
    expect(opened(BYTES, [password("other-password")], true)).toBe(
      "refused: Decryption failed: no password was given for the label dev (given: default)",
    );
    expect(opened(ONE, [own], true)).toBe("a secret\n");
  });
});

describe("a damaged vault", () => {
  it.each([
    ["$ANSIBLE_VAULT;1.0;AES\n00", 'the vault\'s version "1.0" is not known; Latchkey opens 1.1 and 1.2', 0, 22],
    ["$ANSIBLE_VAULT;1.1;AES\n00", 'the vault\'s cipher "AES" is not known; Latchkey opens AES256', 0, 22],
    ["$ANSIBLE_VAULT;1.1;AES256\n3030g0", "the vault is damaged: this is no hexadecimal digit", 30, 31],
    ["$ANSIBLE_VAULT;1.1;AES256\n303", "the vault is damaged: it is cut off", 28, 29],
    ["$ANSIBLE_VAULT;1.1;AES256\n", "the vault is damaged: it is cut off", 25, 25],
    ["$ANSIBLE_VAULT;1.1;AES256", "the vault is damaged: it is cut off", 25, 25],
    [
      "$ANSIBLE_VAULT;1.1;AES256\n3030",
      "the vault is damaged: it does not hold a salt, a checksum and a content",
      25,
      30,
    ],
    [ONE.split("\n").slice(0, 5).join("\n"), "the vault is damaged: its salt, checksum or content is cut off", 25, 349],
  ])("%j", (text, message, start, end) => {
    expect(parseEnvelope(text)).toEqual({ ok: false, error: { message, start, end } });
    expect(opened(text)).toBe(`damaged: ${message}`);
  });

  it("has a content that is signed and yet has no proper end", () => {
    // Of a random one every 250th would decrypt to what looks like an end.
    const salt = Buffer.alloc(32, 1);
    const keys = pbkdf2Sync(own.password, salt, 10_000, 80, "sha256");
    const ciphertext = Buffer.alloc(16);
    const hmac = createHmac("sha256", keys.subarray(32, 64)).update(ciphertext).digest();
    expect(opened(renderEnvelope({ label: undefined, salt, hmac, ciphertext }))).toBe(
      "damaged: the vault is damaged: its content has no proper end",
    );
  });
});

describe("what was let out", () => {
  it("is told to those who keep it secret, now and later", () => {
    const vault = new Vault({ passwords: [own] });
    vault.openText(ONE);
    const told: string[] = [];
    vault.onSecret((secret) => void told.push(secret));
    expect(told).toEqual(["test-password", "a secret\n", "a secret"]);
    vault.learnText("pw = {{ x }}-tail\nabc\nlonger\n");
    expect(told.slice(3)).toEqual(["pw = {{ x }}-tail\nabc\nlonger\n", "pw =", "-tail", "longer"]);
  });

  it("is found out in no more time than its length calls for, and not at all where it is very long", () => {
    const vault = new Vault();
    const told: string[] = [];
    vault.onSecret((secret) => void told.push(secret));
    const open = "{{{%{#".repeat(50_000);
    vault.learnText(open);
    vault.learnText("x".repeat(1024 * 1024 + 1));
    expect(told).toEqual([open]);
  });

  it("is let out once", () => {
    const vault = new Vault({ passwords: [own] });
    expect(vault.open(ONE)).toBe(vault.open(ONE.slice()));
  });
});
