package io.waybill.policy;

import java.nio.charset.StandardCharsets;

/** Policies for tests. */
final class Samples {
  /** Line numbers are asserted: add at the end only. */
  static final String COMPANY =
      """
      version: 1
      environments:
        staging:
          tables: ["staging.*"]
        production:
          tables: ["prod.*", "dwh_*.fact_*"]
          kill-switch: false
          hours: "Mon-Fri 06:00-22:00 Europe/Berlin"
          approvals: [replay, backfill]
          approval-expiry: 2h
          max-rows-per-run: 500
        finance:
          tables: ["prod.invoices"]
          kill-switch: true
          forbidden-statements: [drop]
      roles:
        developer:
          read: [staging]
          write: [staging]
          operate: [staging]
          max-rows-per-run: 10000000
          max-bytes-per-run: 10GB
          clickhouse: { connection: staging, role: staging_writer }
          members:
            - claim: { groups: developers }
            - vault: loader
            - local: anna
        ops:
          read: [staging, production, finance]
          write: [production, finance]
          operate:
            - production
          administer: true
          members:
            - claim: { groups: ops }
          flows: ["prod-*"]
        auditor:
          audit: true
          members:
            - local: otto
      flows:
        default-role: developer
      """;

  private Samples() {}

  static Policy company() {
    return parse(COMPANY);
  }

  static Policy parse(String text) {
    return Policy.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
