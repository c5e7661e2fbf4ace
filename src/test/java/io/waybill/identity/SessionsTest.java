package io.waybill.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.StandInProvider;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logins by a browser, and how long they last. */
final class SessionsTest {
  private static final String BACK = "http://127.0.0.1:8088/login/callback";
  private final StandInProvider provider = new StandInProvider();
  private final TestClock clock = new TestClock();
  private final Provider known = new Provider(provider.settings(), clock);
  private final CodeLogin logins = new CodeLogin(known, clock);
  private final Sessions sessions = new Sessions(known, logins, Duration.ofHours(8), clock);

  @AfterEach
  void close() {
    provider.close();
  }

  private static Map<String, String> query(URI location) {
    return Arrays.stream(location.getRawQuery().split("&"))
        .map(part -> part.split("=", 2))
        .collect(
            Collectors.toMap(
                part -> part[0], part -> URLDecoder.decode(part[1], StandardCharsets.UTF_8)));
  }

  private String idToken(String nonce) {
    return provider.token(clock.instant(), c -> c.claim("nonce", nonce));
  }

  private void answer(String idToken) {
    provider.tokens =
        Map.of("access_token", "opaque", "id_token", idToken, "refresh_token", "more");
  }

  private Sessions.Opened open() throws Exception {
    CodeLogin.Way way = logins.begin(BACK);
    Map<String, String> query = query(way.location());
    answer(idToken(query.get("nonce")));
    return sessions.open(query.get("state"), "the-code", way.browser());
  }

  @Test
  void aLoginAsksByCodeAndProofKeyAndOpensASession() throws Exception {
    CodeLogin.Way way = logins.begin(BACK);
    Map<String, String> query = query(way.location());
    assertThat(query)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", "waybill")
        .containsEntry("redirect_uri", BACK)
        .containsEntry("code_challenge_method", "S256");
    answer(idToken(query.get("nonce")));
    Sessions.Opened opened = sessions.open(query.get("state"), "the-code", way.browser());
    assertThat(opened.who().who().name()).isEqualTo("anna");
    assertThat(provider.form)
        .contains("grant_type=authorization_code", "code=the-code", "client_id=waybill");
    String verifier = provider.form.replaceFirst(".*code_verifier=([^&]*).*", "$1");
    assertThat(RandomText.encoded(RandomText.sha256(verifier)))
        .isEqualTo(query.get("code_challenge"));
    assertThat(sessions.of(opened.id()).orElseThrow().csrf()).hasSizeGreaterThan(40);
  }

  @Test
  void aStateIsGoodOnceAndForTheBrowserThatBeganIt() throws Exception {
    CodeLogin.Way way = logins.begin(BACK);
    Map<String, String> query = query(way.location());
    answer(idToken(query.get("nonce")));
    assertThatThrownBy(() -> sessions.open(query.get("state"), "code", "another browser"))
        .isInstanceOf(RefusedTokenException.class);
    assertThatThrownBy(() -> sessions.open(query.get("state"), "code", way.browser()))
        .isInstanceOf(RefusedTokenException.class);
    assertThatThrownBy(() -> sessions.open("never begun", "code", way.browser()))
        .isInstanceOf(RefusedTokenException.class);
  }

  @Test
  void aLoginThatTookTooLongIsBegunAnew() throws Exception {
    CodeLogin.Way way = logins.begin(BACK);
    Map<String, String> query = query(way.location());
    answer(idToken(query.get("nonce")));
    clock.pass(Duration.ofMinutes(11));
    assertThatThrownBy(() -> sessions.open(query.get("state"), "code", way.browser()))
        .isInstanceOf(RefusedTokenException.class);
  }

  @Test
  void aTokenOfAnotherLoginOrClientOpensNothing() throws Exception {
    CodeLogin.Way way = logins.begin(BACK);
    answer(idToken("another nonce"));
    assertThatThrownBy(
            () -> sessions.open(query(way.location()).get("state"), "code", way.browser()))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining("another login");
    CodeLogin.Way second = logins.begin(BACK);
    Map<String, String> query = query(second.location());
    answer(
        provider.token(
            clock.instant(), c -> c.claim("nonce", query.get("nonce")).claim("azp", "other")));
    assertThatThrownBy(() -> sessions.open(query.get("state"), "code", second.browser()))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining("another client");
  }

  @Test
  void aSessionGoesOnAsLongAsTheProviderSaysSo() throws Exception {
    String id = open().id();
    clock.pass(Duration.ofSeconds(301));
    answer(idToken("refreshed"));
    assertThat(sessions.of(id)).isPresent();
    assertThat(provider.form).contains("grant_type=refresh_token", "refresh_token=more");
    clock.pass(Duration.ofSeconds(301));
    provider.tokenStatus = 400;
    provider.tokens = Map.of("error", "invalid_grant");
    assertThat(sessions.of(id)).isEmpty();
    assertThat(sessions.isOpen(id)).isFalse();
  }

  @Test
  void aProviderThatIsAwayEndsNoSession() throws Exception {
    String id = open().id();
    clock.pass(Duration.ofSeconds(301));
    provider.away = true;
    assertThatThrownBy(() -> sessions.of(id)).isInstanceOf(ProviderException.class);
    provider.away = false;
    answer(idToken("refreshed"));
    assertThat(sessions.of(id)).isPresent();
  }

  @Test
  void aSessionDoesNotBecomeAnotherPersons() throws Exception {
    String id = open().id();
    clock.pass(Duration.ofSeconds(301));
    answer(provider.token(clock.instant(), c -> c.subject("4712")));
    assertThat(sessions.of(id)).isEmpty();
  }

  @Test
  void aSessionEndsAfterAWhileInAnyCase() throws Exception {
    String id = open().id();
    clock.pass(Duration.ofHours(8));
    answer(idToken("refreshed"));
    assertThat(sessions.of(id)).isEmpty();
  }

  @Test
  void whatIsReplayedAfterALogoutIsNobody() throws Exception {
    String id = open().id();
    assertThat(sessions.close(id, "http://127.0.0.1:8088/"))
        .hasValueSatisfying(
            place ->
                assertThat(place.toString())
                    .startsWith(provider.issuer() + "/logout?client_id=waybill"));
    assertThat(sessions.of(id)).isEmpty();
    assertThat(sessions.isOpen(id)).isFalse();
    assertThat(sessions.of("never opened")).isEmpty();
  }
}
