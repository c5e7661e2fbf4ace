package io.waybill.policy;

import java.util.Comparator;
import java.util.List;

/** All that somebody has at ClickHouse. Immutable. */
record GrantSet(List<Grant> grants) {
  GrantSet {
    grants = List.copyOf(grants);
  }

  /** Whether this may be done with a table; of several the narrowest decides. */
  boolean has(String privilege, SqlName table) {
    return grants.stream()
        .filter(each -> each.meets(privilege, table.database(), table.table()))
        .max(Comparator.comparingInt(Grant::narrowness).thenComparing(Grant::revoke))
        .filter(each -> !each.revoke())
        .isPresent();
  }

  /** Whether all of something is there. */
  boolean covers(Grant wanted) {
    return grants.stream().anyMatch(each -> !each.revoke() && each.covers(wanted));
  }
}
