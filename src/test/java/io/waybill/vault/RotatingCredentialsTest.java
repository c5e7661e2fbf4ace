package io.waybill.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import io.waybill.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RotatingCredentialsTest {
  private static final Credential FIRST = new Credential("first", Secret.of("password-of-first"));
  private static final Credential SECOND =
      new Credential("second", Secret.of("password-of-second"));
  private final List<Credential> abandoned = new ArrayList<>();
  private Credential source = FIRST;
  private final RotatingCredentials credentials = rotating(false);

  private RotatingCredentials rotating(boolean makesAnew) {
    return new RotatingCredentials(abandoned::add, makesAnew) {
      @Override
      Credential fetch() {
        return source;
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }

  @Test
  void whatIsReplacedIsGivenBackWhenItsLastUserLeaves() {
    Credentials.Use one = credentials.use();
    Credentials.Use other = credentials.use();
    assertThat(credentials.replace(SECOND)).isTrue();
    assertThat(credentials.current()).isEqualTo(SECOND);
    one.close();
    one.close();
    assertThat(abandoned).as("somebody still uses it").isEmpty();
    other.close();
    assertThat(abandoned).containsExactly(FIRST);
  }

  @Test
  void whatNobodyUsesIsGivenBackAtOnce() {
    assertThat(credentials.current()).isEqualTo(FIRST);
    assertThat(credentials.replace(SECOND)).isTrue();
    assertThat(abandoned).containsExactly(FIRST);
    credentials.use().close();
    assertThat(abandoned).as("the current one stays").containsExactly(FIRST);
  }

  @Test
  void aRefusalAsksTheSourceAndTellsWhetherItHasAnother() {
    assertThat(credentials.refused(credentials.current())).isFalse();
    source = SECOND;
    assertThat(credentials.refused(FIRST)).isTrue();
    assertThat(credentials.refused(FIRST)).as("another refusal that was late").isTrue();
    assertThat(credentials.refused(SECOND)).isFalse();
  }

  @Test
  void ofCredentialsThatAreMadeTheSecondRefusalInARowMakesNoMore() {
    RotatingCredentials made = rotating(true);
    assertThat(made.current()).isEqualTo(FIRST);
    source = SECOND;
    assertThat(made.refused(FIRST)).isTrue();
    source = FIRST;
    assertThat(made.refused(SECOND)).isFalse();
    assertThat(made.current()).isEqualTo(SECOND);
  }
}
