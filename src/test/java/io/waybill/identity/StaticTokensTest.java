package io.waybill.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.policy.Identity;
import io.waybill.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static tokens, and logins that the command line keeps. */
final class StaticTokensTest {
  @TempDir Path folder;

  @Test
  void aTokenNamesItsHolder() {
    Map<String, Secret> tokens =
        Map.of(
            "prometheus", Secret.of("0123456789abcdef-1"), "ci", Secret.of("0123456789abcdef-2"));
    assertThat(StaticTokens.holder(tokens, "0123456789abcdef-2")).contains(Identity.token("ci"));
    assertThat(StaticTokens.holder(tokens, "0123456789abcdef")).isEmpty();
    assertThat(StaticTokens.holder(tokens, "")).isEmpty();
  }

  @Test
  void aTokenThatCouldBeGuessedIsNobodys() {
    assertThat(StaticTokens.holder(Map.of("ci", Secret.of("short")), "short")).isEmpty();
    assertThat(StaticTokens.holder(Map.of("ci", Secret.none()), "")).isEmpty();
  }

  @Test
  void aLoginIsKeptWhereOnlyItsOwnerReadsIt() throws Exception {
    LoginFile kept = LoginFile.ofUser(Map.of("XDG_CONFIG_HOME", folder.resolve("c").toString()));
    kept.keep("https://one.example", Secret.of("refresh-one"));
    kept.keep("https://two.example", Secret.of("refresh-two"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.file())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.file().getParent())))
        .isEqualTo("rwx------");
    assertThat(kept.read("https://one.example")).contains(Secret.of("refresh-one"));
    assertThat(kept.forget("https://one.example")).isTrue();
    assertThat(kept.read("https://one.example")).isEmpty();
    assertThat(kept.read("https://two.example")).contains(Secret.of("refresh-two"));
    assertThat(kept.forget("https://one.example")).isFalse();
  }

  @Test
  void aLoginFileThatIsDamagedIsAsGoodAsNone() throws Exception {
    LoginFile kept = LoginFile.in(folder);
    Files.writeString(kept.file(), "{");
    assertThat(kept.read("https://one.example")).isEmpty();
  }
}
