/** The optional bearer token of a deployment. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Whether an `Authorization` header carries the token. Takes as long for a wrong one as for the right one. */
export type TokenCheck = (authorization: string | undefined) => boolean;

/** @param token the secret's value; it stays in this closure as a digest only */
export function tokenCheck(token: string): TokenCheck {
  const wanted = digest(token);
  return (authorization) => {
    const given = /^bearer +(.+)$/i.exec(authorization ?? "")?.[1] ?? "";
    // Digests have one length, so that the comparison does not tell how long the token is.
    return timingSafeEqual(digest(given.trim()), wanted);
  };
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
