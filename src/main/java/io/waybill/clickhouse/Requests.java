package io.waybill.clickhouse;

import com.clickhouse.client.api.ClientConfigProperties;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.TableName;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Waybill's requests in the words of client-v2. */
final class Requests {
  // The server keeps the answer back until it knows the end: a late failure still gets its status.
  private static final String WAIT_END = "wait_end_of_query";

  private Requests() {}

  static InsertSettings ofPlan(BatchPlan plan, int attempt, List<String> roles) {
    InsertSettings settings = new InsertSettings();
    plan.shape().settings().forEach(settings::serverSetting);
    settings.setDeduplicationToken(plan.token());
    settings.setQueryId(plan.id());
    settings.logComment(LogComment.of(plan, attempt));
    settings.serverSetting(WAIT_END, "1");
    settings.setOption(ClientConfigProperties.COMPRESS_SERVER_RESPONSE.getKey(), false);
    if (!roles.isEmpty()) {
      settings.setDBRoles(roles);
    }
    return settings;
  }

  static InsertSettings of(InsertRequest request) {
    InsertSettings settings = new InsertSettings();
    request.settings().forEach(settings::serverSetting);
    request.token().ifPresent(settings::setDeduplicationToken);
    request.queryId().ifPresent(settings::setQueryId);
    request.logComment().ifPresent(settings::logComment);
    settings.serverSetting(WAIT_END, "1");
    settings.setOption(ClientConfigProperties.COMPRESS_SERVER_RESPONSE.getKey(), false);
    if (!request.roles().isEmpty()) {
      settings.setDBRoles(request.roles());
    }
    request.timeout().ifPresent(t -> settings.setNetworkTimeout(t.toMillis(), ChronoUnit.MILLIS));
    return settings;
  }

  static QuerySettings of(QueryRequest request, boolean whole) {
    QuerySettings settings = new QuerySettings().setFormat(format(request.format()));
    request.settings().forEach(settings::serverSetting);
    request.database().ifPresent(settings::setDatabase);
    request.queryId().ifPresent(settings::setQueryId);
    request.logComment().ifPresent(settings::logComment);
    if (whole) {
      settings.waitEndOfQuery(true);
    }
    if (!request.roles().isEmpty()) {
      settings.setDBRoles(request.roles());
    }
    Optional<Duration> timeout = request.timeout();
    timeout.ifPresent(t -> settings.setNetworkTimeout(t.toMillis(), ChronoUnit.MILLIS));
    return settings;
  }

  /**
   * The client's constant of a format.
   *
   * @throws IllegalArgumentException if it knows none of this name
   */
  static ClickHouseFormat format(String name) {
    try {
      return ClickHouseFormat.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + name + "' is no format of ClickHouse; mind upper and lower case", e);
    }
  }

  static List<String> quoted(List<String> columns) {
    return columns.stream().map(TableName::quote).toList();
  }
}
