package io.waybill.batch;

import java.util.Locale;
import java.util.Optional;

/** The text formats that pass through Waybill unparsed, named as ClickHouse names them. */
public enum Format {
  CSV("CSV", false),
  CSV_WITH_NAMES("CSVWithNames", true),
  TSV("TSV", false),
  TSV_WITH_NAMES("TSVWithNames", true),
  JSON_EACH_ROW("JSONEachRow", false);

  private final String clickHouseName;
  private final boolean header;

  Format(String clickHouseName, boolean header) {
    this.clickHouseName = clickHouseName;
    this.header = header;
  }

  /** The name that goes behind {@code FORMAT} in an INSERT. */
  public String clickHouseName() {
    return clickHouseName;
  }

  /** Whether the first line names the columns and is repeated in front of every batch. */
  public boolean hasHeader() {
    return header;
  }

  /**
   * The format with this ClickHouse name; upper and lower case do not matter.
   *
   * @throws IllegalArgumentException for a name that is not passed through, listing those that are
   */
  public static Format of(String name) {
    for (Format format : values()) {
      if (format.clickHouseName.equalsIgnoreCase(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "unknown format '" + name + "'; use CSV, CSVWithNames, TSV, TSVWithNames or JSONEachRow");
  }

  /**
   * What a file of this name usually holds: {@code .csv} and {@code .tsv} with a header line,
   * {@code .ndjson}, {@code .jsonl} and {@code .json} one object per line; {@code .gz} and {@code
   * .zst} behind them do not matter.
   */
  public static Optional<Format> ofFileName(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
    if (name.endsWith(".csv")) {
      return Optional.of(CSV_WITH_NAMES);
    }
    if (name.endsWith(".tsv") || name.endsWith(".tab")) {
      return Optional.of(TSV_WITH_NAMES);
    }
    return name.endsWith(".ndjson") || name.endsWith(".jsonl") || name.endsWith(".json")
        ? Optional.of(JSON_EACH_ROW)
        : Optional.empty();
  }
}
