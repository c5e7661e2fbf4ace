package io.waybill.clickhouse;

/** How Waybill names itself to ClickHouse. */
final class ClientName {
  private ClientName() {}

  static String version() {
    String version = ClientName.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  static String of() {
    return "waybill/" + version();
  }
}
