package io.waybill.identity;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;

/** What a signed token must say to be good here and now. Messages hold nothing of it. */
final class ClaimRules implements JWTClaimsSetVerifier<SecurityContext> {
  private final String issuer;
  private final List<String> audiences;
  private final Duration skew;
  private final Clock clock;

  ClaimRules(String issuer, List<String> audiences, Duration skew, Clock clock) {
    this.issuer = issuer;
    this.audiences = audiences;
    this.skew = skew;
    this.clock = clock;
  }

  @Override
  public void verify(JWTClaimsSet claims, SecurityContext context) throws BadJWTException {
    require(issuer.equals(claims.getIssuer()), "it is of another issuer");
    require(
        !Collections.disjoint(claims.getAudience(), audiences),
        "it is meant for another audience than waybill.identity.oidc.audience");
    require(claims.getExpirationTime() != null, "it does not say when it expires");
    require(claims.getSubject() != null && !claims.getSubject().isBlank(), "it has no subject");
    Instant now = clock.instant();
    require(now.isBefore(time(claims.getExpirationTime()).plus(skew)), "it has expired");
    require(isPast(claims.getNotBeforeTime(), now), "it is not valid yet");
    require(isPast(claims.getIssueTime(), now), "it was issued in the future");
  }

  private boolean isPast(Date date, Instant now) {
    return date == null || !now.plus(skew).isBefore(time(date));
  }

  private static Instant time(Date date) {
    return date.toInstant();
  }

  private static void require(boolean well, String otherwise) throws BadJWTException {
    if (!well) {
      throw new BadJWTException(otherwise);
    }
  }
}
