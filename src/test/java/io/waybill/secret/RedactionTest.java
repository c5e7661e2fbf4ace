package io.waybill.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedactionTest {

  @Test
  void aSecretIsMaskedAsItIsAndAsUrlsAndJsonWriteIt() {
    Secret secret = Secret.of("pa ss/\"wo\\rd+4711");
    assertThat(Redaction.mask("a pa ss/\"wo\\rd+4711 b")).isEqualTo("a *** b");
    assertThat(Redaction.mask("?p=pa+ss%2F%22wo%5Crd%2B4711&q")).isEqualTo("?p=***&q");
    assertThat(Redaction.mask("{\"p\":\"pa ss/\\\"wo\\\\rd+4711\"}")).isEqualTo("{\"p\":\"***\"}");
    assertThat(secret).hasToString("***");
  }

  @Test
  void theLongerOfTwoSecretsIsMaskedWhole() {
    Redaction.hide("longer-secret");
    Redaction.hide("longer-secret-than-that");
    assertThat(Redaction.mask("longer-secret-than-that")).isEqualTo("***");
  }

  @Test
  void whatIsTooShortToBeASecretStays() {
    Redaction.hide("abc");
    assertThat(Redaction.mask("abcdef")).isEqualTo("abcdef");
  }
}
