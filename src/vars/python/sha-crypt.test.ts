import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { shaCrypt } from "./sha-crypt.ts";

describe("shaCrypt", () => {
  // What crypt(3) of libxcrypt gives.
  it.each([
    [
      "sha512",
      "saltstring",
      "Hello world!",
      5000,
      "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ],
    [
      "sha512",
      "saltstringsaltst",
      "Hello world!",
      10000,
      "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
    ],
    [
      "sha512",
      "./",
      "x".repeat(200),
      1000,
      "$6$rounds=1000$./$YBaZZqPe2l5uYAEviisntAn.99pbT8U/WE1kQXeRO.EKKN3dvs0y41t6GRmpFOoj5qQoaX9leto.adf6XJ8CH1",
    ],
    ["sha256", "saltstring", "Hello world!", 5000, "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"],
    [
      "sha256",
      "saltstringsaltst",
      "Hello world!",
      10000,
      "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
    ],
  ] as const)("%s %s", (scheme, salt, password, rounds, expected) => {
    expect(shaCrypt({ scheme, password, salt, rounds })).toBe(expected);
  });

  it("agrees with openssl on passwords of every length", () => {
    if (spawnSync("openssl", ["version"]).status !== 0) return;
    for (const length of [1, 31, 32, 33, 63, 64, 65, 120]) {
      const password = "ä".repeat(length);
      for (const [scheme, flag] of [
        ["sha512", "-6"],
        ["sha256", "-5"],
      ] as const) {
        const theirs = spawnSync("openssl", ["passwd", flag, "-salt", "abcdefgh", "-stdin"], {
          input: `${password}\n`,
        });
        expect(shaCrypt({ scheme, password, salt: "abcdefgh", rounds: 5000 })).toBe(String(theirs.stdout).trim());
      }
    }
  });
});
