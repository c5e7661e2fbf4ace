package io.waybill.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.waybill.policy.Identity;
import io.waybill.testing.StandInProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens prove something, and which do not. */
final class TokenVerifierTest {
  private final StandInProvider provider = new StandInProvider();
  private final TestClock clock = new TestClock();
  private final TokenVerifier verifier =
      verifier(
          new KeySource.Pace(Duration.ofMinutes(15), Duration.ofMillis(1), Duration.ofHours(4)));

  private TokenVerifier verifier(KeySource.Pace pace) {
    return new TokenVerifier(
        new Provider(provider.settings(), clock), List.of("waybill", "etl"), pace, clock);
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private Instant now() {
    return clock.instant();
  }

  private String token(UnaryOperator<JWTClaimsSet.Builder> change) {
    return provider.token(now(), change);
  }

  private void refused(String token, String why) {
    assertThatThrownBy(() -> verifier.verify(token))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining(why)
        .message()
        .satisfies(message -> assertThat(message).doesNotContain("anna", "4711", "evil"));
  }

  @Test
  void aGoodTokenTellsWhoItIs() throws Exception {
    Verified verified = verifier.verify(token(claims -> claims));
    Identity who = verified.who();
    assertThat(who.name()).isEqualTo("anna");
    assertThat(who.source()).isEqualTo("oidc");
    assertThat(who.claims())
        .containsEntry("groups", Set.of("developers"))
        .containsEntry("realm_access.roles", Set.of("loader"))
        .containsEntry("sub", Set.of("4711"));
    assertThat(verified.until()).isEqualTo(now().plusSeconds(300));
  }

  @Test
  void aTokenWithoutTheNamingClaimIsCalledByItsSubject() throws Exception {
    assertThat(verifier.verify(token(c -> c.claim("preferred_username", null))).who().name())
        .isEqualTo("4711");
  }

  @Test
  void anyOfTheAudiencesWillDo() throws Exception {
    assertThat(verifier.verify(token(c -> c.audience(List.of("other", "etl")))).who().name())
        .isEqualTo("anna");
  }

  @Test
  void anUnsignedTokenIsRefused() {
    refused(new PlainJWT(provider.claims(now()).build()).serialize(), "signed JWT");
    String stripped = token(c -> c).replaceFirst("\\.[^.]*$", ".");
    refused(stripped, "");
  }

  @Test
  void aTokenThatIsSignedWithThePublicKeyAsAPasswordIsRefused() throws Exception {
    byte[] publicKey = provider.key().toRSAPublicKey().getEncoded();
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(provider.key().getKeyID()).build(),
            provider.claims(now()).build());
    jwt.sign(new MACSigner(publicKey));
    refused(jwt.serialize(), "algorithm");
  }

  @Test
  void aTokenOfAnotherKeyIsRefused() {
    RSAKey other = StandInProvider.makeKey();
    refused(
        StandInProvider.signed(
            other, new JWSHeader.Builder(JWSAlgorithm.RS256), provider.claims(now())),
        "key");
    RSAKey samename =
        new RSAKey.Builder(StandInProvider.makeKey()).keyID(provider.key().getKeyID()).build();
    refused(
        StandInProvider.signed(
            samename, new JWSHeader.Builder(JWSAlgorithm.RS256), provider.claims(now())),
        "signature");
  }

  @Test
  void aKeyThatATokenBringsAlongIsNotLookedAt() throws Exception {
    RSAKey evil = StandInProvider.makeKey();
    refused(
        StandInProvider.signed(
            evil,
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(evil.toPublicJWK())
                .jwkURL(URI.create(provider.issuer() + "/keys?evil")),
            provider.claims(now())),
        "key");
  }

  @Test
  void anEllipticTokenOfAnRsaProviderIsRefused() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID(provider.key().getKeyID()).generate();
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            provider.claims(now()).build());
    jwt.sign(new ECDSASigner(key));
    refused(jwt.serialize(), "key");
  }

  @Test
  void whatATokenSaysMustBeMeantForUsNow() {
    refused(token(c -> c.issuer("https://evil.example")), "another issuer");
    refused(token(c -> c.issuer(provider.issuer() + "/")), "another issuer");
    refused(token(c -> c.issuer(null)), "another issuer");
    refused(token(c -> c.audience("evil")), "another audience");
    refused(token(c -> c.audience((String) null)), "another audience");
    refused(token(c -> c.expirationTime(null)), "expires");
    refused(token(c -> c.expirationTime(Date.from(now().minusSeconds(31)))), "expired");
    refused(token(c -> c.notBeforeTime(Date.from(now().plusSeconds(31)))), "not valid yet");
    refused(token(c -> c.issueTime(Date.from(now().plusSeconds(31)))), "in the future");
    refused(token(c -> c.subject(null)), "no subject");
    refused(token(c -> c.subject(" ")), "no subject");
    refused(token(c -> c.claim("preferred_username", "ann\u0000a")), "no name");
  }

  @Test
  void clocksMayDifferByTheSkew() throws Exception {
    assertThat(
            verifier
                .verify(token(c -> c.expirationTime(Date.from(now().minusSeconds(29)))))
                .who()
                .name())
        .isEqualTo("anna");
    assertThat(
            verifier
                .verify(
                    token(
                        c ->
                            c.notBeforeTime(Date.from(now().plusSeconds(29)))
                                .issueTime(Date.from(now().plusSeconds(29)))))
                .who()
                .name())
        .isEqualTo("anna");
  }

  @Test
  void aTokenEndsWhenItsTimeIsOver() throws Exception {
    String token = token(c -> c);
    assertThat(verifier.verify(token).who().name()).isEqualTo("anna");
    clock.pass(Duration.ofSeconds(331));
    refused(token, "expired");
  }

  @Test
  void aTokenOfAnotherTypeIsRefused() {
    refused(
        StandInProvider.signed(
            provider.key(),
            new JWSHeader.Builder(JWSAlgorithm.RS256).type(new JOSEObjectType("logout+jwt")),
            provider.claims(now())),
        "type");
  }

  @Test
  void aTokenWithACriticalHeaderThatNobodyKnowsIsRefused() {
    refused(
        StandInProvider.signed(
            provider.key(),
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .criticalParams(Set.of("evil"))
                .customParam("evil", true),
            provider.claims(now())),
        "");
  }

  @Test
  void anAccessTokenOfRfc9068IsTaken() throws Exception {
    assertThat(
            verifier
                .verify(
                    StandInProvider.signed(
                        provider.key(),
                        new JWSHeader.Builder(JWSAlgorithm.PS256)
                            .type(new JOSEObjectType("at+jwt")),
                        provider.claims(now())))
                .who()
                .name())
        .isEqualTo("anna");
  }

  @Test
  void anOversizedTokenIsNotEvenRead() {
    refused(token(c -> c.claim("much", "x".repeat(TokenVerifier.LONGEST))), "more than");
    assertThat(provider.asked).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a.b.c",
        "a.b.c.d.e",
        "eyJhbGciOiJSUzI1NiJ9.e30.",
        "eyJhbGciOiJSUzI1NiJ9..eA",
        "eyJhbGciOm51bGx9.e30.eA",
        "W10.e30.eA",
        "null.null.null",
        "\u0000\u0000.\uffff.\ud800"
      })
  void whatIsNoTokenIsRefused(String text) {
    refused(text, "");
    assertThat(provider.asked).hasValue(0);
  }

  @Test
  void aChangedTokenIsRefused() {
    String[] parts = token(c -> c).split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String changed =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                claims.replace("developers", "operators!").getBytes(StandardCharsets.UTF_8));
    refused(parts[0] + "." + changed + "." + parts[2], "signature");
  }

  @Test
  void deeplyNestedClaimsDoNoHarm() {
    String header = token(c -> c).split("\\.", -1)[0];
    String nested = "{\"a\":".repeat(2000) + "1" + "}".repeat(2000);
    refused(
        header
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(nested.getBytes(StandardCharsets.UTF_8))
            + ".eA",
        "");
  }

  @Test
  void aNewKeyIsFetchedWhenATokenNamesIt() throws Exception {
    assertThat(verifier.verify(token(c -> c)).who().name()).isEqualTo("anna");
    assertThat(provider.asked).hasValue(1);
    provider.addKey();
    assertThat(verifier.verify(token(c -> c)).who().name()).isEqualTo("anna");
    assertThat(provider.asked).hasValue(2);
  }

  @Test
  void unknownKeysDoNotMakeUsAskAgainAndAgain() throws Exception {
    TokenVerifier patient = verifier(KeySource.Pace.USUAL);
    assertThat(patient.verify(token(c -> c)).who().name()).isEqualTo("anna");
    for (int i = 0; i < 20; i++) {
      String forged =
          StandInProvider.signed(
              new RSAKey.Builder(provider.key()).keyID("forged-" + i).build(),
              new JWSHeader.Builder(JWSAlgorithm.RS256),
              provider.claims(now()));
      assertThatThrownBy(() -> patient.verify(forged)).isInstanceOf(RefusedTokenException.class);
    }
    assertThat(provider.asked).hasValueLessThanOrEqualTo(2);
    assertThat(patient.verify(token(c -> c)).who().name()).isEqualTo("anna");
  }

  @Test
  void whileTheProviderIsAwayTheKeysThatAreHeldAreGood() throws Exception {
    TokenVerifier forgetful =
        verifier(
            new KeySource.Pace(Duration.ofMillis(2), Duration.ofMillis(1), Duration.ofHours(4)));
    assertThat(forgetful.verify(token(c -> c)).who().name()).isEqualTo("anna");
    provider.away = true;
    for (int i = 0; i < 5; i++) {
      assertThat(forgetful.verify(token(c -> c)).who().name()).isEqualTo("anna");
    }
  }

  @Test
  void aProviderThatNeverAnsweredIsNotTakenForARefusal() {
    provider.away = true;
    assertThatThrownBy(() -> verifier.verify(token(c -> c))).isInstanceOf(ProviderException.class);
  }

  @Test
  void aDiscoveryDocumentOfAnotherIssuerIsNotBelieved() {
    provider.namedIssuer = "https://elsewhere.example";
    assertThatThrownBy(() -> verifier.verify(token(c -> c)))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("another issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://provider.example", "ftp://127.0.0.1", "https://user@host.example"})
  void anIssuerWithoutEncryptionIsForThisMachineOnly(String issuer) {
    OidcSettings given = provider.settings();
    assertThatThrownBy(
            () ->
                new Provider(
                    new OidcSettings(
                        issuer,
                        given.audiences(),
                        given.clientId(),
                        given.clientSecret(),
                        given.cliClientId(),
                        given.scope(),
                        given.nameClaim(),
                        given.skew(),
                        given.caCertificate()),
                    clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://");
  }
}
