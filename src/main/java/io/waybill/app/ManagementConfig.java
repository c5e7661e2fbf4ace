package io.waybill.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the management port is.
 *
 * @param port port; 0 for a free one, empty for none
 * @param asked whether somebody asked for this very port
 * @param tokenFile file with the token, absolute; empty for none
 * @param tokenName whom it names
 * @param publicUrl how browsers reach it, with a slash at the end; empty if by its address
 */
public record ManagementConfig(
    String host,
    OptionalInt port,
    boolean asked,
    Optional<Path> tokenFile,
    String tokenName,
    Optional<String> publicUrl) {

  static ManagementConfig of(SettingParser parser, Path folder) {
    boolean off = parser.text(Setting.MANAGEMENT_PORT).equals("off");
    String tokenFile = parser.text(Setting.MANAGEMENT_TOKEN_FILE);
    return new ManagementConfig(
        parser.text(Setting.MANAGEMENT_HOST),
        off
            ? OptionalInt.empty()
            : OptionalInt.of(parser.number(Setting.MANAGEMENT_PORT, 0, 65_535)),
        parser.isGiven(Setting.MANAGEMENT_PORT),
        tokenFile.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(tokenFile)),
        parser.text(Setting.MANAGEMENT_TOKEN_NAME),
        Optional.of(parser.url(Setting.MANAGEMENT_PUBLIC_URL))
            .filter(url -> !url.isEmpty())
            .map(url -> url + "/"));
  }
}
