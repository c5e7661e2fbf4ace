package io.waybill.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies tokens of an OIDC provider: signed by a key that it publishes, by an algorithm whose key
 * nobody else has, for us, and good now. What a token says of its own keys ({@code jku}, {@code
 * jwk}, {@code x5u}) is not looked at. Thread-safe; may wait for the provider.
 */
public final class TokenVerifier {
  /** Longest token that is looked at, in characters. */
  static final int LONGEST = 16 * 1024;

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final KeySource keys;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final ClaimRules rules;
  private final String nameClaim;
  private final String clientId;

  /** For bearer tokens. */
  public static TokenVerifier ofBearers(Provider provider, Clock clock) {
    return new TokenVerifier(
        provider, provider.settings().audiences(), KeySource.Pace.USUAL, clock);
  }

  /** For the tokens that tell who logged in by this client. */
  public static TokenVerifier ofLogins(Provider provider, String clientId, Clock clock) {
    return new TokenVerifier(provider, List.of(clientId), KeySource.Pace.USUAL, clock);
  }

  TokenVerifier(Provider provider, List<String> audiences, KeySource.Pace pace, Clock clock) {
    OidcSettings settings = provider.settings();
    this.keys = new KeySource(provider);
    this.rules = new ClaimRules(settings.issuer(), audiences, settings.skew(), clock);
    this.nameClaim = settings.nameClaim();
    this.clientId = audiences.get(0);
    // null: a token need not say its type
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys.cached(pace)));
    processor.setJWTClaimsSetVerifier(rules);
  }

  /**
   * Whose token it is.
   *
   * @throws RefusedTokenException if it is no good
   * @throws ProviderException if that cannot be told, since there are no keys
   */
  public Verified verify(String token) throws RefusedTokenException, ProviderException {
    return verified(claims(token));
  }

  /** As {@link #verify}, of the token that a login with this nonce must bring. */
  Verified verify(String token, String nonce) throws RefusedTokenException, ProviderException {
    JWTClaimsSet claims = claims(token);
    Object party = claims.getClaim("azp");
    if (!nonce.equals(claims.getClaim("nonce"))) {
      throw new RefusedTokenException("it belongs to another login");
    }
    if (party != null && !clientId.equals(party)) {
      throw new RefusedTokenException("it was issued to another client");
    }
    return verified(claims);
  }

  private Verified verified(JWTClaimsSet claims) throws RefusedTokenException {
    return new Verified(
        Claims.identity(claims.getClaims(), nameClaim), claims.getExpirationTime().toInstant());
  }

  private JWTClaimsSet claims(String token) throws RefusedTokenException, ProviderException {
    if (token.length() > LONGEST) {
      throw new RefusedTokenException("it has more than %d characters".formatted(LONGEST));
    }
    SignedJWT jwt = parsed(token);
    try {
      // what is surely no good must not make us ask the provider
      rules.verify(jwt.getJWTClaimsSet(), null);
      return processor.process(jwt, null);
    } catch (BadJWTException e) {
      throw new RefusedTokenException(e.getMessage());
    } catch (BadJWSException e) {
      throw new RefusedTokenException("its signature is wrong");
    } catch (BadJOSEException e) {
      throw new RefusedTokenException(
          "it is of another type, or its key is none of the provider's");
    } catch (KeySourceException e) {
      if (e instanceof RateLimitReachedException && keys.isSeen()) {
        // there are keys, and this one is not among them
        throw new RefusedTokenException("its key is none of the provider's");
      }
      throw new ProviderException("the OIDC provider's keys cannot be had: " + e.getMessage(), e);
    } catch (JOSEException | ParseException e) {
      throw new RefusedTokenException("it is not to be read as a signed JWT");
    }
  }

  private static SignedJWT parsed(String token) throws RefusedTokenException {
    Optional<SignedJWT> jwt;
    try {
      jwt = Optional.of(SignedJWT.parse(token));
      if (jwt.get().getJWTClaimsSet() == null) {
        jwt = Optional.empty();
      }
    } catch (ParseException | IllegalArgumentException e) {
      jwt = Optional.empty();
    }
    SignedJWT parsed =
        jwt.orElseThrow(() -> new RefusedTokenException("it is not to be read as a signed JWT"));
    if (!ALGORITHMS.contains(parsed.getHeader().getAlgorithm())) {
      throw new RefusedTokenException("it is not signed by an algorithm that is accepted here");
    }
    return parsed;
  }
}
