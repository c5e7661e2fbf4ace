package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {
  @TempDir Path folder;

  /** Takes the lock, says so, and keeps it until it is killed. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      try (HomeLock lock = HomeLock.take(new Home(Path.of(args[0])))) {
        System.out.println("taken " + lock.getClass().getSimpleName());
        int unused = System.in.read();
      }
    }
  }

  @Test
  void secondProcessIsToldThePidOfTheFirst() throws Exception {
    Home home = new Home(folder);
    Process first =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = first.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).startsWith("taken");
      assertThatThrownBy(() -> HomeLock.take(home))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "process %d is running flows in %s already; stop it first", first.pid(), folder);
    } finally {
      first.destroyForcibly().waitFor();
    }
    HomeLock.take(home).close();
  }

  @Test
  void lockCanBeTakenAgainWhenItWasGivenBack() throws Exception {
    Home home = new Home(folder);
    HomeLock first = HomeLock.take(home);
    assertThatThrownBy(() -> HomeLock.take(home))
        .hasMessageContaining("process " + ProcessHandle.current().pid());
    first.close();
    HomeLock.take(home).close();
  }

  @Test
  void dataFolderThatCannotBeMadeIsNamed() throws Exception {
    Home home = new Home(folder);
    Files.createFile(home.data());
    assertThatThrownBy(() -> HomeLock.take(home))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("cannot write to " + home.data());
  }
}
