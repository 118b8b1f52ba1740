/** TEST-NET-1 (RFC 5737): nobody comes from there, and no setting names it. */
export const NOWHERE = "192.0.2.1";
