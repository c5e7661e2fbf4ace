package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Permissions;
import io.waybill.delivery.TableName;
import io.waybill.ledger.FlowRow;
import io.waybill.policy.Action;
import io.waybill.policy.Identity;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What somebody sees of listings: what goes into tables that he reads or operates, and all if he is
 * an auditor. For one answer, by one thread.
 */
final class Sight {
  private final Permissions permissions;
  private final Listings listings;
  private final Identity who;
  private final boolean all;
  private final Map<TableName, Boolean> known = new HashMap<>();
  private Map<String, TableName> flows;

  Sight(Permissions permissions, Listings listings, Identity who) {
    this.permissions = permissions;
    this.listings = listings;
    this.who = who;
    this.all = !permissions.isOn() || permissions.decide(who, Action.AUDIT).allowed();
  }

  /** Whether nothing is hidden. */
  boolean isAll() {
    return all;
  }

  /** Whether he sees how the home is set up. */
  boolean papers() {
    return all || permissions.decide(who, Action.ADMINISTER).allowed();
  }

  boolean of(TableName table) {
    return all
        || known.computeIfAbsent(
            table,
            any ->
                permissions.decide(who, Action.READ, table).allowed()
                    || permissions.decide(who, Action.OPERATE, table).allowed());
  }

  boolean of(String table) {
    return all || of(TableName.parse(table));
  }

  boolean of(FlowRow flow) {
    return all || of(flow.target().orElse(Tables.NOT_KNOWN));
  }

  boolean ofFlow(String flow) {
    if (all) {
      return true;
    }
    if (flows == null) {
      flows =
          listings.flows().stream()
              .collect(
                  Collectors.toMap(FlowRow::name, row -> row.target().orElse(Tables.NOT_KNOWN)));
    }
    return of(flows.getOrDefault(flow, Tables.NOT_KNOWN));
  }
}
