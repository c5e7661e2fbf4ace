package io.waybill.camel;

import io.waybill.camel.changes.ChangeRows;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Options of {@code waybill:} on the table, and on what is put into its rows. */
@UriParams
public final class TableOptions {
  private static final String SKIP = "skip";
  private static final String NONE = "none";
  private static final String EXCHANGE = "exchange";

  @UriParam(
      description = "Make the table from the first records if it is not there.",
      defaultValue = "false")
  private boolean createTable;

  @UriParam(
      description =
          "Sorting key of a table that is made, column names with commas; chosen when not given.")
  private String orderBy = "";

  @UriParam(
      description =
          "What to do with a JSON field or header column that the table has not: `hold` the flow and"
              + " print the ALTER TABLE, or `skip` the field.",
      enums = "hold,skip",
      defaultValue = "hold")
  private String unknownFields = "hold";

  @UriParam(
      description =
          "`exchange` takes each source for all of the table: it is loaded into a new table beside it, which"
              + " takes its place when everything is settled. Readers see the one or the other.",
      enums = "none,exchange",
      defaultValue = NONE)
  private String reload = NONE;

  @UriParam(
      description = "Whether a reload without a row may empty a table that has some.",
      defaultValue = "false")
  private boolean reloadEmpty;

  @UriParam(
      description =
          "What is put into each row of what its Kafka record says, with commas: `topic`, `partition`,"
              + " `offset`, `timestamp`, `key`, `headers`. The columns are `_topic`, `_partition` and so"
              + " on; `offset:position` names another one.")
  private String kafkaColumns = "";

  @UriParam(
      description =
          "Column that orders the changes of a row, for changes of `debezium-postgres:`; empty for none.",
      defaultValue = "_version")
  private String versionColumn = "_version";

  @UriParam(
      description =
          "Column that is 1 when a row was deleted and else 0, for changes of `debezium-postgres:`;"
              + " empty for none.",
      defaultValue = "_deleted")
  private String deletedColumn = "_deleted";

  void require() {
    if (!unknownFields.equals("hold") && !unknownFields.equals(SKIP)) {
      throw new IllegalArgumentException("unknownFields must be hold or skip");
    }
    if (!reload.equals(NONE) && !isReloading()) {
      throw new IllegalArgumentException("reload must be none or exchange");
    }
  }

  /** Whether fields that the table has not are left out. */
  public boolean isSkippingUnknown() {
    return unknownFields.equals(SKIP);
  }

  /** Whether each source takes the place of the table. */
  boolean isReloading() {
    return reload.equals(EXCHANGE);
  }

  /** Makes rows of changes. */
  ChangeRows changeRows() {
    return new ChangeRows(versionColumn, deletedColumn);
  }

  public boolean isCreateTable() {
    return createTable;
  }

  public void setCreateTable(boolean createTable) {
    this.createTable = createTable;
  }

  public String getOrderBy() {
    return orderBy;
  }

  public void setOrderBy(String orderBy) {
    this.orderBy = orderBy;
  }

  public String getUnknownFields() {
    return unknownFields;
  }

  public void setUnknownFields(String unknownFields) {
    this.unknownFields = unknownFields;
  }

  public String getReload() {
    return reload;
  }

  public void setReload(String reload) {
    this.reload = reload;
  }

  public boolean isReloadEmpty() {
    return reloadEmpty;
  }

  public void setReloadEmpty(boolean reloadEmpty) {
    this.reloadEmpty = reloadEmpty;
  }

  public String getKafkaColumns() {
    return kafkaColumns;
  }

  public void setKafkaColumns(String kafkaColumns) {
    this.kafkaColumns = kafkaColumns;
  }

  public String getVersionColumn() {
    return versionColumn;
  }

  public void setVersionColumn(String versionColumn) {
    this.versionColumn = versionColumn;
  }

  public String getDeletedColumn() {
    return deletedColumn;
  }

  public void setDeletedColumn(String deletedColumn) {
    this.deletedColumn = deletedColumn;
  }
}
