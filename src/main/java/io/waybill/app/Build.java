package io.waybill.app;

/** What this program is. */
public final class Build {
  private static final String UNPACKAGED = "dev";

  private Build() {}

  /** The version of the jar, {@code dev} outside a jar. */
  public static String version() {
    String version = Build.class.getPackage().getImplementationVersion();
    return version == null ? UNPACKAGED : version;
  }
}
