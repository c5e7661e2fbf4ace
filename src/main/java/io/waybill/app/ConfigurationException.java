package io.waybill.app;

import java.util.List;

/** The configuration is wrong; all problems together, each with its place and remedy. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
