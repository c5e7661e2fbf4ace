package io.waybill.cli;

import io.waybill.app.Build;
import picocli.CommandLine.IVersionProvider;

/** Waybill's version and what it runs on. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "waybill " + Build.version(), "java " + Runtime.version(), System.getProperty("os.name")
    };
  }
}
