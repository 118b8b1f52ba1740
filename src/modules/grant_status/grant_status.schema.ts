import type { ArgumentSchema } from "../module.ts";

export const grantStatusSchema = { type: "object", properties: {} } as const satisfies ArgumentSchema;
