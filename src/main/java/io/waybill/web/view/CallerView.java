package io.waybill.web.view;

import java.util.List;

/** Who asks, and what he may. */
public record CallerView(
    @About("name") String name,
    @About("who vouches for it: oidc, token; empty if nobody was asked") String source,
    @About("roles that the policy gives") List<String> roles,
    @About("whether there is a policy; without one everything is allowed") boolean policy,
    @About("whether this is a session of a browser, which can be ended") boolean session,
    @About("what orders of a session must bring as X-Waybill-Csrf; empty without one") String csrf,
    @About("whether the trail may be read") boolean audit,
    @About("whether the home may be administered") boolean administer,
    @About("tables of flows that may be read or operated") List<Table> tables) {
  public CallerView {
    roles = List.copyOf(roles);
    tables = List.copyOf(tables);
  }

  /** A table of a flow. */
  public record Table(
      @About("its name") String table,
      @About("whether its rows may be seen") boolean read,
      @About("whether flows into it may be operated") boolean operate) {}
}
