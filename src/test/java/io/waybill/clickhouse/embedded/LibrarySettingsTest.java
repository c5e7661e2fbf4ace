package io.waybill.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibrarySettingsTest {

  @Test
  void keepsTheCacheInTheHomeByDefault() {
    assertThat(LibrarySettings.fromEnvironment(Map.of()))
        .isEqualTo(
            new LibrarySettings(
                Path.of(System.getProperty("user.home"), ".cache", "waybill"),
                "26.7.3-stable.1",
                List.of()));
  }

  @Test
  void takesTheCacheFromXdgAndBeforeThatFromItsOwnVariable() {
    assertThat(LibrarySettings.fromEnvironment(Map.of("XDG_CACHE_HOME", "/xdg")).cacheFolder())
        .isEqualTo(Path.of("/xdg/waybill"));
    assertThat(
            LibrarySettings.fromEnvironment(
                    Map.of("XDG_CACHE_HOME", "/xdg", "WAYBILL_CACHE", "/own"))
                .cacheFolder())
        .isEqualTo(Path.of("/own"));
  }

  @Test
  void looksForNpmOnThePath() {
    assertThat(LibrarySettings.fromEnvironment(Map.of("PATH", "/a::/b")).searchPath())
        .containsExactly(Path.of("/a"), Path.of("/b"));
  }

  @Test
  void refusesAVersionThatIsAPath() {
    assertThatThrownBy(() -> new LibrarySettings(Path.of("/c"), "../1", List.of()))
        .hasMessage("'../1' is no version of an npm package");
  }

  @ParameterizedTest
  @CsvSource({
    "Linux,amd64,@chdb/lib-linux-x64-gnu",
    "Linux,aarch64,@chdb/lib-linux-arm64-gnu",
    "Mac OS X,x86_64,@chdb/lib-darwin-x64",
    "Mac OS X,aarch64,@chdb/lib-darwin-arm64"
  })
  void knowsThePackageOfAPlatform(String os, String arch, String name) {
    LibraryPackage found = LibraryPackage.of(os, arch, "1.0");
    assertThat(found.specifier()).isEqualTo(name + "@1.0");
    assertThat(found.library()).isEqualTo(Path.of("node_modules/" + name + "/libchdb.so"));
  }

  @ParameterizedTest
  @CsvSource({"Windows 11,amd64", "Linux,riscv64"})
  void namesTheOtherWaysOnAPlatformWithoutOne(String os, String arch) {
    assertThatThrownBy(() -> LibraryPackage.of(os, arch, "1.0"))
        .hasMessageContaining("no embedded ClickHouse for " + os + " on " + arch)
        .hasMessageContaining("waybill.clickhouse.url");
  }
}
