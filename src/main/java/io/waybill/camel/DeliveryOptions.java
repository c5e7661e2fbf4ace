package io.waybill.camel;

import io.waybill.delivery.BadRowLimit;
import io.waybill.delivery.SameContent;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Options of {@code waybill:} on what is promised, and as whom ClickHouse is asked. */
@UriParams
public final class DeliveryOptions {
  private static final String EXACTLY_ONCE = "exactly-once";

  @UriParam(
      description =
          "What to do with a file whose content was delivered under another name: `note` delivers it"
              + " and says so, `skip` takes it for delivered, `hold` holds the flow.",
      enums = "note,skip,hold",
      defaultValue = "note")
  private String sameContent = "note";

  @UriParam(
      description =
          "Former name of the flow: its history goes over to the new name, so that nothing is delivered"
              + " again.")
  private String formerly = "";

  @UriParam(
      description =
          "How many records of a run ClickHouse may refuse, as a number or a share such as `1%`. They"
              + " become dead letters; one more, and the run fails with the rest untouched.",
      defaultValue = "1000")
  private String maxBadRows = "1000";

  @UriParam(
      description =
          "What to do with a batch in doubt whose rows cannot be counted in the table: `hold` the flow,"
              + " or `accept` to send it again under its token, which loses it if the server died at"
              + " the wrong moment.",
      enums = "hold,accept",
      defaultValue = "hold")
  private String onUnverified = "hold";

  @UriParam(
      description =
          "`exactly-once` holds a flow whose table cannot drop what it has already; `at-least-once`"
              + " delivers into any table that takes inserts, and what is sent again after a fault may"
              + " come twice.",
      enums = "exactly-once,at-least-once",
      defaultValue = "exactly-once")
  private String guarantee = EXACTLY_ONCE;

  @UriParam(
      description =
          "Named connection of the ClickHouse to write to, `waybill.connections.NAME`; the default one"
              + " if none.")
  private String connection = "";

  @UriParam(
      description =
          "Role to write as: one of policy.yaml, its default role if none is named; without a policy a"
              + " ClickHouse role that is set for each insert.")
  private String role = "";

  @UriParam(
      description = "Further ClickHouse settings of the inserts, as `settings.NAME=value`.",
      prefix = "settings.",
      multiValue = true)
  private SortedMap<String, String> settings = new TreeMap<>();

  void require() {
    if (!List.of("note", "skip", "hold").contains(sameContent)) {
      throw new IllegalArgumentException("sameContent must be note, skip or hold");
    }
    var unused = badRowLimit();
    if (!onUnverified.equals("hold") && !onUnverified.equals("accept")) {
      throw new IllegalArgumentException("onUnverified must be hold or accept");
    }
    if (!isExactlyOnce() && !guarantee.equals("at-least-once")) {
      throw new IllegalArgumentException("guarantee must be exactly-once or at-least-once");
    }
  }

  BadRowLimit badRowLimit() {
    try {
      return BadRowLimit.parse(maxBadRows);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("maxBadRows: " + e.getMessage(), e);
    }
  }

  SameContent sameContentRule() {
    return SameContent.valueOf(sameContent.toUpperCase(Locale.ROOT));
  }

  /** Whether a table that cannot keep the promise holds the flow. */
  public boolean isExactlyOnce() {
    return guarantee.equals(EXACTLY_ONCE);
  }

  /** Whether a batch in doubt that cannot be counted is sent again. */
  boolean isAcceptingUnverified() {
    return onUnverified.equals("accept") || !isExactlyOnce();
  }

  public String getSameContent() {
    return sameContent;
  }

  public void setSameContent(String sameContent) {
    this.sameContent = sameContent;
  }

  public String getFormerly() {
    return formerly;
  }

  public void setFormerly(String formerly) {
    this.formerly = formerly;
  }

  public String getMaxBadRows() {
    return maxBadRows;
  }

  public void setMaxBadRows(String maxBadRows) {
    this.maxBadRows = maxBadRows;
  }

  public String getOnUnverified() {
    return onUnverified;
  }

  public void setOnUnverified(String onUnverified) {
    this.onUnverified = onUnverified;
  }

  public String getGuarantee() {
    return guarantee;
  }

  public void setGuarantee(String guarantee) {
    this.guarantee = guarantee;
  }

  public String getConnection() {
    return connection;
  }

  public void setConnection(String connection) {
    this.connection = connection;
  }

  public String getRole() {
    return role;
  }

  public void setRole(String role) {
    this.role = role;
  }

  public SortedMap<String, String> getSettings() {
    return settings;
  }

  public void setSettings(SortedMap<String, String> settings) {
    this.settings = settings;
  }
}
