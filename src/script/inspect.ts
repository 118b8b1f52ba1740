import type { CompiledScript } from "./compile-script.ts";
import type { ScriptDescription } from "./script-file.ts";

/** What a script would do, as a plain list in English and in Korean. */
export const inspectText = (script: CompiledScript, about: ScriptDescription): string => {
  const { grant, account, deleteVariable, playbooks } = about;
  const { lasts } = grant;
  const [english, korean] =
    "until" in lasts
      ? [`until ${isoTime(lasts.until)}`, `${isoTime(lasts.until)}까지`]
      : [
          `for ${duration(lasts.seconds, "en")} from the moment it is run`,
          `실행한 때부터 ${duration(lasts.seconds, "ko")} 동안`,
        ];
  const step = (language: 0 | 1): readonly string[] =>
    script.steps.map(({ names, conditions }, index) => {
      const when = conditions.length === 0 ? "" : ` [${language === 0 ? "if" : "조건"}: ${conditions.join(" and ")}]`;
      return `  ${index + 1}. ${names[language]}${when}`;
    });
  return `${[
    `English`,
    `  Opens SSH access for the account ${account} ${english} (grant ${grant.id}, ticket ${grant.ticket}).`,
    `  Changes, in this order:`,
    ...step(0),
    `  Everything is noted in /var/lib/latchkey/grants/${grant.id} and taken back at the end, by this host itself, or`,
    `  at once with ${deleteVariable}=yes, with revoke.sh, or with: sh /var/lib/latchkey/grants/${grant.id}/undo`,
    "",
    `한국어`,
    `  ${account} 계정의 SSH 접속을 ${korean} 엽니다 (grant ${grant.id}, 티켓 ${grant.ticket}).`,
    `  다음 순서로 바꿉니다:`,
    ...step(1),
    `  모든 변경은 /var/lib/latchkey/grants/${grant.id} 에 기록되고, 기한이 되면 이 호스트가 스스로 되돌립니다.`,
    `  바로 닫으려면: ${deleteVariable}=yes, revoke.sh, 또는 sh /var/lib/latchkey/grants/${grant.id}/undo`,
    "",
    ...playbooks.map(({ name, hash }) => `${name} sha256 ${hash}`),
  ].join("\n")}\n`;
};

const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

const units = [
  [86_400, { en: "d", ko: "일" }],
  [3600, { en: "h", ko: "시간" }],
  [60, { en: "min", ko: "분" }],
  [1, { en: "s", ko: "초" }],
] as const;

const duration = (seconds: number, language: "en" | "ko"): string => {
  let left = seconds;
  const parts: string[] = [];
  for (const [size, names] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${names[language]}`);
  }
  return parts.join(" ");
};
