package io.waybill.lineage;

import io.waybill.delivery.TableName;
import java.util.List;

/** Port: where tables are and what they look like. Asked by one thread, which may wait. */
public interface Places {

  /**
   * A column.
   *
   * @param type type as ClickHouse writes it
   */
  record Column(String name, String type) {}

  /** Where the ClickHouse of a flow is, as OpenLineage names it: {@code clickhouse://host:port}. */
  String namespace(String flow);

  /** The columns of the table that a flow writes; empty if nobody can tell now. */
  List<Column> columns(String flow, TableName table);
}
