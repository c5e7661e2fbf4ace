package io.waybill.clickhouse;

import io.waybill.delivery.Verdict;

/** What a person can do about a held batch. */
final class Remedies {
  private Remedies() {}

  /** Empty when there is nothing to do but wait. */
  static String of(int code, ErrorText text, Verdict verdict) {
    return switch (verdict) {
      case HOLD -> text.isOfView() ? ofView() : ofHold(code, text);
      case ISOLATE -> "the bad records become dead letters: mend and replay them";
      case UNKNOWN -> code == 243 ? "free disk space on the ClickHouse server" : "";
      case RETRY, WAIT, SETTLED -> "";
    };
  }

  private static String ofView() {
    return "mend the view or its target table, then rerun: the same token heals the view and"
        + " does not double the table";
  }

  private static String ofHold(int code, ErrorText text) {
    return switch (code) {
      case 16, 8, 10, 47 ->
          "compare the table's columns with the records; add what is missing with ALTER TABLE"
              + " ... ADD COLUMN";
      case 117 ->
          text.unknownField()
              .map(
                  field ->
                      "ALTER TABLE ... ADD COLUMN for '"
                          + field
                          + "' (check prints it with its type), or set unknownFields=skip")
              .orElse("give the header line the table's column names, each once");
      case 60, 218, 344 ->
          "create the table, or set createTable=true; check the name in the waybill: endpoint";
      case 81 -> "create the database, or check the name in the waybill: endpoint";
      case 497, 711, 720, 741 ->
          "GRANT what the message names to the flow's user or role; 'grants' prints the SQL";
      case 192, 193, 194, 195, 516, 565 ->
          "check user and password (Vault lease, role); ClickHouse's own log says more";
      case 511, 512 -> "create the role and grant it to the flow's user; 'grants' prints the SQL";
      case 164, 392, 471, 472 ->
          "the user's profile forbids it (readonly or constraints): give the flow a user that may"
              + " insert and change settings";
      case 115 ->
          "the server does not know a setting: remove it from settings.*, or do not mix ClickHouse"
              + " versions behind one address";
      case 452 ->
          "the user's settings profile constrains a setting that Waybill must send: allow it";
      case 252 ->
          "one batch touches too many partitions: lower batchRows, sort the source by the partition"
              + " key, use a coarser partition key, or raise max_partitions_per_insert_block";
      case 158, 201, 291, 307, 396 ->
          "a quota or limit of the user is reached: raise it, or wait for the quota's next interval";
      case 62, 46, 36 ->
          "check format and settings.* of the endpoint; the statement itself is wrong";
      default -> {
        if (VerdictTable.of(code) == Verdict.ISOLATE) {
          yield "the table was altered while the batch was in doubt: make it fit again, then rerun";
        }
        yield "see ClickHouse's message; after mending it the flow goes on by itself";
      }
    };
  }
}
