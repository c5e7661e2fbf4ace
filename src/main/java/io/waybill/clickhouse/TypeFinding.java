package io.waybill.clickhouse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of a source that the table would take, and change silently. Says where they are, never
 * what they are.
 *
 * @param column column
 * @param type its type in the table
 * @param change what would happen to them
 * @param count in how many records
 * @param firstRecords numbers of the first of these records, from 1 without the header line
 */
public record TypeFinding(
    String column, String type, SilentChange change, long count, List<Long> firstRecords) {
  static final int FIRST = 5;

  /** Copies the numbers. */
  public TypeFinding {
    firstRecords = List.copyOf(firstRecords);
  }

  /** The findings of two parts of a source as one, the earlier part first. */
  public static List<TypeFinding> merge(List<TypeFinding> earlier, List<TypeFinding> later) {
    Map<List<Object>, TypeFinding> merged = new LinkedHashMap<>();
    earlier.forEach(finding -> merged.put(finding.key(), finding));
    later.forEach(finding -> merged.merge(finding.key(), finding, TypeFinding::plus));
    return List.copyOf(merged.values());
  }

  private List<Object> key() {
    return List.of(column, change);
  }

  private TypeFinding plus(TypeFinding later) {
    List<Long> records = new ArrayList<>(firstRecords);
    records.addAll(later.firstRecords);
    return new TypeFinding(
        column,
        type,
        change,
        count + later.count,
        records.subList(0, Math.min(FIRST, records.size())));
  }
}
