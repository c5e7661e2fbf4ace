package io.waybill.identity;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetParseException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.text.ParseException;
import java.time.Duration;

/** The keys that the provider signs with now. */
final class KeySource implements JWKSetSource<SecurityContext> {
  private final Provider provider;
  private volatile boolean seen;

  KeySource(Provider provider) {
    this.provider = provider;
  }

  /**
   * How long keys are kept.
   *
   * @param fresh how long they are not asked for again, as long as they are enough
   * @param between an unknown key lets them be asked for, but not more than twice in this time
   * @param outage how long those that are held are good while the provider is away
   */
  record Pace(Duration fresh, Duration between, Duration outage) {
    static final Pace USUAL =
        new Pace(Duration.ofMinutes(15), Duration.ofSeconds(30), Duration.ofHours(4));
  }

  /** With a cache around it, which asks again for a key that it does not know. */
  JWKSource<SecurityContext> cached(Pace pace) {
    return JWKSourceBuilder.create(this)
        .cache(pace.fresh().toMillis(), Duration.ofSeconds(10).toMillis())
        .refreshAheadCache(false)
        .rateLimited(pace.between().toMillis())
        .outageTolerant(pace.outage().toMillis())
        .build();
  }

  /** Whether there ever were any. */
  boolean isSeen() {
    return seen;
  }

  @Override
  public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
      throws KeySourceException {
    try {
      JWKSet keys = JWKSet.parse(provider.http().text(provider.metadata().keys()));
      seen = true;
      return keys;
    } catch (ProviderException e) {
      throw new JWKSetUnavailableException(e.getMessage(), e);
    } catch (ParseException e) {
      throw new JWKSetParseException("the provider's keys are not to be read", e);
    }
  }

  @Override
  public void close() {
    // nothing is held
  }
}
