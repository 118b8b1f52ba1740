/** Key types that may stand in authorized_keys (ssh-keygen(1), `ssh -Q key`), without certificates. */
const plainTypes = [
  "ssh-ed25519",
  "ssh-rsa",
  "ssh-dss",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
] as const;

/** A type that is no certificate. */
export type PlainKeyType = (typeof plainTypes)[number];

const certificateSuffix = "-cert-v01@openssh.com";

const certificateType = (type: PlainKeyType): string => `${type.replace("@openssh.com", "")}${certificateSuffix}`;

const certificateTypes = plainTypes.map(certificateType);

/** Whether a word is a type of public keys or of certificates. */
export const isKeyType = (word: string): boolean => plainTypeOf(word) !== undefined || certificateTypes.includes(word);

/** The type, unless it is a certificate's. */
export const plainTypeOf = (word: string): PlainKeyType | undefined => plainTypes.find((type) => type === word);

/** The type of the key in a certificate of this type; undefined where it is no certificate's. */
export const certifiedTypeOf = (word: string): PlainKeyType | undefined =>
  plainTypes.find((type) => certificateType(type) === word);
