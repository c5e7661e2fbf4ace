package io.waybill.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The logins of a user of this machine: refresh tokens by issuer, in a file that only he can read.
 * Replaced as a whole.
 */
public final class LoginFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "login.json";
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private final Path file;

  private LoginFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /** In this folder. */
  public static LoginFile in(Path folder) {
    return new LoginFile(folder);
  }

  /** Of this user: below {@code XDG_CONFIG_HOME}, or {@code ~/.config}. */
  public static LoginFile ofUser(Map<String, String> environment) {
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path base =
        config.isEmpty() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(config);
    return new LoginFile(base.resolve("waybill"));
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  Optional<Secret> read(String issuer) {
    return Optional.ofNullable(all().get(issuer)).map(Secret::of);
  }

  private Map<String, String> all() {
    try {
      return JSON.readValue(
          Files.readString(file), new TypeReference<TreeMap<String, String>>() {});
    } catch (NoSuchFileException e) {
      return new TreeMap<>();
    } catch (JsonProcessingException e) {
      // it is a cache of logins: who logs in anew has it again
      return new TreeMap<>();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void keep(String issuer, Secret refresh) {
    Map<String, String> all = all();
    all.put(issuer, refresh.reveal());
    write(all);
  }

  /** Forgets a login; whether there was one. */
  boolean forget(String issuer) {
    Map<String, String> all = all();
    boolean had = all.remove(issuer) != null;
    if (had) {
      write(all);
    }
    return had;
  }

  private void write(Map<String, String> all) {
    Path folder = file.getParent();
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.getParent());
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
      }
      Path fresh =
          Files.createTempFile(
              folder, "login-", ".tmp", PosixFilePermissions.asFileAttribute(FILE));
      Files.writeString(fresh, JSON.writeValueAsString(all));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the login in " + file, e);
    }
  }
}
